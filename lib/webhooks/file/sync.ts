import { isDeepStrictEqual } from "node:util";
import type { SyncResult } from "@/lib/contracts/admin";
import { WEBHOOK_LIMITS } from "@/lib/contracts/webhooks";
import { afterCommit, type Tx, transaction } from "@/lib/db/transaction";
import { Prisma, type Webhook as WebhookRow } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";
import { announceWebhooksChanged } from "@/lib/live/channel";
import { wakeWorkers } from "@/lib/queue/wake";
import { recordChange } from "@/lib/webhooks/changes";
import { disable, enable } from "@/lib/webhooks/enabling";
import type { FileWebhook } from "@/lib/webhooks/file/schema";
import type { FoundSecret } from "@/lib/webhooks/file/secret-source";
import { remove } from "@/lib/webhooks/removing";
import { openSecret, sealSecret } from "@/lib/webhooks/secrets";

/** An entry with everything that it names. */
export type ResolvedWebhook = Omit<FileWebhook, "project" | "secret"> & {
  projectId: string;
  secretName: string;
  secret: FoundSecret;
};

/** Any number will do, as long as nothing else locks it. */
const SYNC_LOCK = 7_301_552_042;

/** Five hundred webhooks, each with its history, over a slow connection. */
const TIMEOUT_MS = 60_000;

const BY = { by: "file" };

/**
 * Makes the webhooks of source "file" what the file says, all or nothing: creates, changes, and deletes those that
 * vanished. What is as it should be is not written. Of several processes at once one goes first and the others find it
 * done. A webhook that was disabled automatically stays so unless its entry changed.
 * @param reenable also enable those that were disabled automatically
 */
export async function syncWebhooks(
  webhooks: readonly ResolvedWebhook[],
  { reenable }: { reenable: boolean },
): Promise<SyncResult> {
  return transaction(
    async (tx) => {
      await tx.$executeRaw`SELECT pg_advisory_xact_lock(${SYNC_LOCK}::bigint)`;
      const rows = await tx.webhook.findMany({ where: { source: "file", deletedAt: null } });
      const present = new Map(rows.map((row) => [keyOf(row.projectId, row.fileKey ?? ""), row]));
      const result = { loaded: webhooks.length, created: 0, updated: 0, removed: 0, unchanged: 0 };
      const touched = new Set<string>();
      const wanted = new Set(webhooks.map((webhook) => keyOf(webhook.projectId, webhook.id)));
      for (const [key, row] of present) {
        if (wanted.has(key)) continue;
        await lock(tx, row.id);
        await remove(tx, row.id, BY);
        result.removed += 1;
        touched.add(row.projectId);
      }
      for (const webhook of webhooks) {
        const row = present.get(keyOf(webhook.projectId, webhook.id));
        const done = row ? await update(tx, row, webhook, reenable) : await create(tx, webhook);
        result[done] += 1;
        if (done !== "unchanged") touched.add(webhook.projectId);
      }
      if (touched.size > 0) {
        afterCommit(tx, () => {
          wakeWorkers();
          for (const projectId of touched) announceWebhooksChanged(projectId);
        });
      }
      return result;
    },
    { timeoutMs: TIMEOUT_MS },
  );
}

/** The projects that would have more webhooks than they may, with those that people made there. */
export async function overfullProjects(tx: Pick<Tx, "webhook">, webhooks: readonly { projectId: string }[]) {
  const counts = new Map<string, number>();
  for (const { projectId } of webhooks) counts.set(projectId, (counts.get(projectId) ?? 0) + 1);
  const others = await tx.webhook.groupBy({
    by: ["projectId"],
    where: { projectId: { in: [...counts.keys()] }, deletedAt: null, source: "console" },
    _count: true,
  });
  return others
    .filter(({ projectId, _count }) => _count + (counts.get(projectId) ?? 0) > WEBHOOK_LIMITS.perProject)
    .map(({ projectId }) => projectId);
}

async function create(tx: Tx, webhook: ResolvedWebhook): Promise<"created"> {
  const id = newId("webhook");
  const created = await tx.webhook.create({
    data: {
      ...columnsOf(webhook),
      id,
      projectId: webhook.projectId,
      source: "file",
      fileKey: webhook.id,
      secret: sealSecret(id, webhook.secret.value),
      enabled: webhook.enabled,
      ...(!webhook.enabled && { disabledReason: "manual", disabledAt: new Date() }),
    },
  });
  await recordChange(tx, created, { kind: "created", ...BY });
  return "created";
}

async function update(
  tx: Tx,
  seen: WebhookRow,
  webhook: ResolvedWebhook,
  reenable: boolean,
): Promise<"updated" | "unchanged"> {
  if (!differs(seen, webhook) && turnOf(seen, webhook, reenable) === null) return "unchanged";
  await lock(tx, seen.id);
  // A worker may have changed its condition before it was locked.
  const row = await tx.webhook.findUniqueOrThrow({ where: { id: seen.id } });
  const changed = differs(row, webhook);
  if (changed) {
    const updated = await tx.webhook.update({
      where: { id: row.id },
      data: { ...columnsOf(webhook), secret: sealSecret(row.id, webhook.secret.value), signing: "hmac" },
    });
    if (subscribesOtherwise(row, updated)) await recordChange(tx, updated, { kind: "updated", ...BY });
  }
  const turn = turnOf(row, webhook, reenable || changed);
  if (turn === "enable") await enable(tx, row.id, BY);
  if (turn === "disable") await disable(tx, row.id, { reason: "manual", ...BY });
  return changed || turn !== null ? "updated" : "unchanged";
}

/** null: it is as the entry says, or was disabled automatically and stays so. */
function turnOf(
  row: Pick<WebhookRow, "enabled" | "disabledReason">,
  webhook: ResolvedWebhook,
  reenable: boolean,
): "enable" | "disable" | null {
  if (webhook.enabled) {
    if (row.enabled) return null;
    return reenable || row.disabledReason === "manual" ? "enable" : null;
  }
  // Also of one that was disabled automatically: from now on it is the file's will.
  return row.enabled || row.disabledReason !== "manual" ? "disable" : null;
}

function columnsOf(webhook: ResolvedWebhook) {
  return {
    url: webhook.url,
    description: webhook.description,
    eventTypes: webhook.events,
    ordering: webhook.ordering,
    orderKey: webhook.order_key,
    retry: webhook.retry,
    filter: webhook.filter ?? Prisma.DbNull,
    maxInFlight: webhook.max_in_flight,
    rateLimit: webhook.rate_limit,
    secretName: webhook.secretName,
    secretSource: webhook.secret.source,
  };
}

function differs(row: WebhookRow, webhook: ResolvedWebhook): boolean {
  const { filter: _filter, ...wanted } = columnsOf(webhook);
  const stored = Object.fromEntries(Object.keys(wanted).map((name) => [name, Reflect.get(row, name)]));
  return (
    !isDeepStrictEqual(stored, wanted) ||
    !isDeepStrictEqual(row.filter, webhook.filter) ||
    row.signing !== "hmac" ||
    storedSecret(row) !== webhook.secret.value
  );
}

/** null also for one that this installation's key does not open: it is then sealed anew. */
function storedSecret(row: WebhookRow): string | null {
  try {
    return row.secret === null ? null : openSecret(row.id, row.secret);
  } catch {
    return null;
  }
}

function subscribesOtherwise(before: WebhookRow, after: WebhookRow): boolean {
  const of = ({ url, eventTypes, filter }: WebhookRow) => ({ url, eventTypes, filter });
  return !isDeepStrictEqual(of(before), of(after));
}

async function lock(tx: Tx, webhookId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM webhook WHERE id = ${webhookId} FOR NO KEY UPDATE`;
}

function keyOf(projectId: string, fileKey: string): string {
  return `${projectId}/${fileKey}`;
}
