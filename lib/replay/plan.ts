import type { ReplayKind, ReplayScope, SkipReason } from "@/lib/contracts/replays";
import { filterSchema } from "@/lib/contracts/webhooks";
import type { Tx } from "@/lib/db/transaction";
import { env } from "@/lib/env";
import { invalidField } from "@/lib/errors";
import type { Webhook as WebhookRow } from "@/lib/generated/prisma/client";
import { type Counted, countFailed, countMissed } from "@/lib/replay/candidates";
import { disabledSpans, type Span } from "@/lib/replay/policy";

const DAY_MS = 24 * 3600 * 1000;

/** What a replay is to do at one webhook. `reason`: nothing can be sent to it. */
export type PlannedTarget = {
  webhookId: string;
  url: string;
  spans: Span[];
  total: number;
  repeats: number;
  reason: SkipReason | null;
};

export type Plan = {
  kind: ReplayKind;
  from: Date;
  to: Date;
  targets: PlannedTarget[];
  /** By webhook and type; only of targets that can be sent to. */
  counted: Counted[];
};

/**
 * Counts exactly what a replay of this scope would send, as the transaction sees the database.
 * @param now the database's; a range that ends later ends then
 * @throws AppError "validation_failed" for a range that is empty or too long, or webhooks that do not exist
 */
export async function makePlan(tx: Tx, projectId: string, scope: ReplayScope, now: Date): Promise<Plan> {
  const { from, to } = rangeOf(scope, now);
  const webhooks = await tx.webhook.findMany({
    // What a request brought along gets the events of its workflow, once; the delivery log sends single ones again.
    where: { projectId, workflowId: null, ...(scope.webhook_ids && { id: { in: scope.webhook_ids } }) },
    orderBy: { id: "asc" },
  });
  const unknown = scope.webhook_ids?.find((id) => !webhooks.some((webhook) => webhook.id === id));
  if (unknown !== undefined) throw invalidField("webhook_ids", `There is no webhook "${unknown}" in this project.`);

  const spans = await spansOf(tx, scope.kind, webhooks, { from, to });
  const counted =
    scope.kind === "failed"
      ? await countFailed(tx, projectId, {
          from: from.getTime(),
          to: to.getTime(),
          types: scope.event_types,
          endedBy: now,
          webhookIds: scope.webhook_ids,
        })
      : await countMissed(
          tx,
          projectId,
          webhooks.map(({ id, url }) => ({ webhookId: id, url, spans: spans.get(id) ?? [] })),
          scope.event_types,
        );
  const byWebhook = Map.groupBy(counted, ({ webhookId }) => webhookId);
  const targets = webhooks.flatMap((webhook) => {
    const rows = byWebhook.get(webhook.id) ?? [];
    const total = rows.reduce((sum, row) => sum + row.count, 0);
    if (total === 0) return [];
    const repeats = rows.reduce((sum, row) => sum + row.repeats, 0);
    const { id, url } = webhook;
    return [{ webhookId: id, url, spans: spans.get(id) ?? [], total, repeats, reason: blocked(webhook) }];
  });
  const open = new Set(targets.filter(({ reason }) => reason === null).map(({ webhookId }) => webhookId));
  return { kind: scope.kind, from, to, targets, counted: counted.filter(({ webhookId }) => open.has(webhookId)) };
}

/** Why nothing can be sent to a webhook now; null when it can. */
export function blocked(webhook: Pick<WebhookRow, "enabled" | "deletedAt">): SkipReason | null {
  if (webhook.deletedAt !== null) return "webhook_deleted";
  return webhook.enabled ? null : "webhook_disabled";
}

function rangeOf(scope: ReplayScope, now: Date): { from: Date; to: Date } {
  const from = new Date(scope.from);
  const to = new Date(Math.min(Date.parse(scope.to), now.getTime()));
  if (from >= to) throw invalidField("from", "The range is empty: `from` must be before `to` and before now.");
  if (to.getTime() - from.getTime() > env.RETENTION_DAYS * DAY_MS) {
    throw invalidField("from", `A range has at most ${env.RETENTION_DAYS} days, as long as deliveries are kept.`);
  }
  return { from, to };
}

async function spansOf(
  tx: Tx,
  kind: ReplayKind,
  webhooks: readonly WebhookRow[],
  range: { from: Date; to: Date },
): Promise<Map<string, Span[]>> {
  if (kind === "failed") return new Map();
  const [from, to] = [range.from.getTime(), range.to.getTime()];
  if (kind === "missing") {
    const present = webhooks.filter(({ deletedAt }) => deletedAt === null);
    return new Map(
      present.map(({ id, eventTypes, filter }) => [id, [{ from, to, eventTypes, filter: toFilter(filter) }]]),
    );
  }
  const changes = await tx.webhookChange.findMany({
    where: { webhookId: { in: webhooks.map(({ id }) => id) }, at: { lt: range.to } },
    orderBy: [{ at: "asc" }, { id: "asc" }],
  });
  const history = changes.map((change) => ({ ...change, at: change.at.getTime(), filter: toFilter(change.filter) }));
  return new Map(
    [...Map.groupBy(history, ({ webhookId }) => webhookId)].map(([id, of]) => [id, disabledSpans(of, from, to)]),
  );
}

function toFilter(filter: unknown): Span["filter"] {
  return filterSchema.nullable().parse(filter ?? null);
}
