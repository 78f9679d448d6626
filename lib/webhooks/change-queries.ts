import { type Actor, authorise } from "@/lib/accounts/actor";
import type { ChangeAuthor, WebhookChange } from "@/lib/contracts/webhook-changes";
import { webhookChangeSchema } from "@/lib/contracts/webhook-changes";
import { db } from "@/lib/db/client";
import { AppError, notFound } from "@/lib/errors";
import { isId } from "@/lib/ids";
import type { Page } from "@/lib/webhooks/delivery-queries";
import { MANAGED } from "@/lib/webhooks/request-webhooks";

/**
 * A page of a webhook's history, newest first; also of a deleted one's. The cursor is the last change's id.
 * @throws AppError "not_found", "invalid_cursor"
 */
export async function listChanges(
  actor: Actor,
  webhookId: string,
  query: { cursor?: string | undefined; limit: number },
): Promise<Page<WebhookChange>> {
  authorise(actor, "webhooks:read");
  // Eighteen digits always fit the column.
  if (query.cursor !== undefined && !/^\d{1,18}$/.test(query.cursor)) {
    throw new AppError(
      "invalid_cursor",
      "Leave `cursor` out to begin anew, or send the `next_cursor` of the page before.",
    );
  }
  const { projectId } = actor;
  const webhook = await db.webhook.findFirst({ where: { id: webhookId, projectId, ...MANAGED }, select: { id: true } });
  if (!webhook) throw notFound("webhook");
  const rows = await db.webhookChange.findMany({
    where: { webhookId, projectId, ...(query.cursor !== undefined && { id: { lt: BigInt(query.cursor) } }) },
    orderBy: { id: "desc" },
    take: query.limit + 1,
  });
  const shown = rows.slice(0, query.limit);
  const authorOf = await findAuthors(
    projectId,
    shown.map((row) => row.by),
  );
  const data = shown.map((row) =>
    webhookChangeSchema.parse({
      id: String(row.id),
      at: row.at.toISOString(),
      kind: row.kind,
      by: authorOf(row.by),
      reason: row.reason,
      enabled: row.enabled,
      url: row.url,
      event_types: row.eventTypes,
      filter: row.filter,
    }),
  );
  return { data, next_cursor: rows.length > query.limit ? (data.at(-1)?.id ?? null) : null };
}

/**
 * Who made changes: members and API keys of the project by name.
 * @param bys as `webhook_change.by` has them
 */
export async function findAuthors(projectId: string, bys: readonly string[]): Promise<(by: string) => ChangeAuthor> {
  const users = bys.filter((by) => isId("user", by));
  const keys = bys.filter((by) => isId("apiKey", by));
  const [members, apiKeys] = await Promise.all([
    users.length === 0
      ? []
      : db.member.findMany({
          where: { projectId, userId: { in: users } },
          select: { userId: true, user: { select: { name: true } } },
        }),
    keys.length === 0
      ? []
      : db.apiKey.findMany({ where: { projectId, id: { in: keys } }, select: { id: true, name: true } }),
  ]);
  const names = new Map([
    ...members.map((member) => [member.userId, member.user.name] as const),
    ...apiKeys.map((key) => [key.id, key.name] as const),
  ]);
  return (by) => ({
    kind: by === "file" ? "file" : isId("user", by) ? "member" : isId("apiKey", by) ? "api_key" : "engine",
    id: by,
    name: names.get(by) ?? null,
  });
}
