import type { WebhookRetry } from "@/lib/contracts/webhooks";
import { afterCommit, type Tx } from "@/lib/db/transaction";
import { newId, timeOfId } from "@/lib/ids";
import { announceDeliveries } from "@/lib/live/channel";
import { wakeWorkers } from "@/lib/queue/wake";
import { laneOf, maxAttempts } from "@/lib/webhooks/policy";

/** A webhook that an event goes to: what its delivery is made of. */
export type Target = { id: string; url: string; ordering: string; orderKey: string | null; retry: WebhookRetry };

/** @param body the event's body, parsed: an order key is a path into it */
type StoredEvent = { id: string; projectId: string; type: string; body: unknown };

/** @param attempts at most, instead of what each webhook's schedule says */
type NewDeliveries = {
  targets: readonly Target[];
  trigger: "auto" | "manual" | "test" | "replay";
  attempts?: number | undefined;
};

/**
 * Stores one delivery of the event per target, due at once, and wakes the workers after the commit. A webhook that has
 * one already is passed over. The caller keeps `event.delivery_count` right: it rises by the length of what is returned,
 * in the same transaction.
 * @returns the deliveries that were stored
 */
export async function insertDeliveries(
  tx: Tx,
  event: StoredEvent,
  { targets, trigger, attempts }: NewDeliveries,
): Promise<{ id: string; webhookId: string }[]> {
  if (targets.length === 0) return [];
  const sequence = await takeSequence(tx, targets);
  const rows = targets.map((webhook) => ({ id: newId("delivery"), webhook }));
  const column = <T>(pick: (row: (typeof rows)[number]) => T) => rows.map(pick);
  // One statement over arrays: a hundred rows cost about what one does.
  const stored = await tx.$queryRaw<{ id: string; webhook_id: string }[]>`
    INSERT INTO delivery (id, project_id, event_id, webhook_id, event_type, url, max_attempts, trigger, lane, seq, created_at)
    SELECT d.id, ${event.projectId}, ${event.id}, d.webhook_id, ${event.type}, d.url, d.max_attempts, ${trigger},
           d.lane, d.seq, d.created_at
      FROM unnest(
        ${column((d) => d.id)}::text[], ${column((d) => d.webhook.id)}::text[], ${column((d) => d.webhook.url)}::text[],
        ${column((d) => attempts ?? maxAttempts(d.webhook.retry))}::int[],
        ${column((d) => (d.webhook.ordering === "strict" ? laneOf(d.webhook.orderKey, event.body) : null))}::text[],
        ${column((d) => sequence.get(d.webhook.id) ?? null)}::bigint[],
        ${column((d) => timeOfId(d.id))}::timestamptz[]
      ) AS d (id, webhook_id, url, max_attempts, lane, seq, created_at)
        ON CONFLICT (event_id, webhook_id) DO NOTHING
    RETURNING id, webhook_id`;
  const deliveries = stored.map((row) => ({ id: row.id, webhookId: row.webhook_id }));
  afterCommit(tx, () => {
    wakeWorkers();
    announceDeliveries(
      event.projectId,
      deliveries.map((delivery) => delivery.id),
    );
  });
  return deliveries;
}

/**
 * The next sequence number of each strictly ordered webhook. The update holds the webhook's row until the commit, so
 * numbers become visible in their order; an identity column would not promise that (a later number can commit first).
 */
async function takeSequence(tx: Tx, targets: readonly Target[]): Promise<Map<string, bigint>> {
  const strict = targets.filter((webhook) => webhook.ordering === "strict").map((webhook) => webhook.id);
  if (strict.length === 0) return new Map();
  const rows = await tx.$queryRaw<{ id: string; last_seq: bigint }[]>`
    WITH locked AS (SELECT id FROM webhook WHERE id = ANY(${strict}) ORDER BY id FOR NO KEY UPDATE)
    UPDATE webhook SET last_seq = last_seq + 1 FROM locked WHERE webhook.id = locked.id
    RETURNING webhook.id, webhook.last_seq`;
  return new Map(rows.map((row) => [row.id, row.last_seq]));
}
