import type { WebhookRetry } from "@/lib/contracts/webhooks";
import { afterCommit, type Tx } from "@/lib/db/transaction";
import { newId, timeOfId } from "@/lib/ids";
import { announceDeliveries } from "@/lib/live/channel";
import { wakeWorkers } from "@/lib/queue/wake";
import { laneOf, maxAttempts } from "@/lib/webhooks/policy";

/** What a new delivery takes from its webhook. */
export type Target = { id: string; url: string; ordering: string; orderKey: string | null; retry: WebhookRetry };

/** @param event.body parsed: an order key is a path into it */
export type NewDelivery = { event: { id: string; type: string; body: unknown }; webhook: Target };

export type StoredDelivery = { id: string; eventId: string; webhookId: string };

export type NewDeliveryOptions = {
  trigger: "auto" | "manual" | "test" | "replay";
  /** At most, instead of what the webhook's schedule gives. */
  attempts?: number | undefined;
  replayId?: string | null;
};

/**
 * Stores deliveries that are due at once, in one statement and one more where strictly ordered webhooks are among them:
 * these get their deliveries in the order given. The workers and the consoles are told after the commit. The caller has
 * set `event.delivery_count`; for events that are stored already there is addDeliveries.
 * @returns those stored; an event that has a delivery for the webhook already gets no second one
 */
export async function insertDeliveries(
  tx: Tx,
  projectId: string,
  items: readonly NewDelivery[],
  { trigger, attempts, replayId = null }: NewDeliveryOptions,
): Promise<StoredDelivery[]> {
  if (items.length === 0) return [];
  // A test is no part of the order: it neither waits for a lane nor holds it up.
  const isOrdered = ({ ordering }: Target) => ordering === "strict" && trigger !== "test";
  const nextSeq = await takeSequence(tx, items.map(({ webhook }) => webhook).filter(isOrdered));
  const rows = items.map(({ event, webhook }) => ({ id: newId("delivery"), event, webhook, seq: nextSeq(webhook) }));
  const column = <T>(pick: (row: (typeof rows)[number]) => T) => rows.map(pick);
  // One statement over arrays: a hundred rows cost about what one does.
  const stored = await tx.$queryRaw<StoredDelivery[]>`
    INSERT INTO delivery (id, project_id, event_id, webhook_id, event_type, url, max_attempts, trigger, replay_id, lane, seq, created_at)
    SELECT d.id, ${projectId}, d.event_id, d.webhook_id, d.event_type, d.url, d.max_attempts, ${trigger}, ${replayId},
           d.lane, d.seq, d.created_at
      FROM unnest(
        ${column((d) => d.id)}::text[], ${column((d) => d.event.id)}::text[], ${column((d) => d.webhook.id)}::text[],
        ${column((d) => d.event.type)}::text[], ${column((d) => d.webhook.url)}::text[],
        ${column((d) => attempts ?? maxAttempts(d.webhook.retry))}::int[],
        ${column((d) => (isOrdered(d.webhook) ? laneOf(d.webhook.orderKey, d.event.body) : null))}::text[],
        ${column((d) => d.seq)}::bigint[], ${column((d) => timeOfId(d.id))}::timestamptz[]
      ) AS d (id, event_id, webhook_id, event_type, url, max_attempts, lane, seq, created_at)
        ON CONFLICT (event_id, webhook_id) DO NOTHING
    RETURNING id, event_id AS "eventId", webhook_id AS "webhookId"`;
  afterCommit(tx, () => {
    wakeWorkers();
    announceDeliveries(
      projectId,
      stored.map(({ id }) => id),
    );
  });
  return stored;
}

/**
 * The same for events that were emitted before: raises their `delivery_count` with it, so that the loss audit stays
 * right. The events' rows are locked first, in the order of their ids, by which two of these for one event follow one
 * another.
 */
export async function addDeliveries(
  tx: Tx,
  projectId: string,
  items: readonly NewDelivery[],
  options: NewDeliveryOptions,
): Promise<StoredDelivery[]> {
  const eventIds = [...new Set(items.map(({ event }) => event.id))];
  await tx.$queryRaw`
    SELECT 1 FROM event WHERE id = ANY(${eventIds}) AND project_id = ${projectId} ORDER BY id FOR NO KEY UPDATE`;
  const stored = await insertDeliveries(tx, projectId, items, options);
  await tx.$executeRaw`
    UPDATE event SET delivery_count = delivery_count + added.n
      FROM (SELECT event_id, count(*)::int AS n FROM unnest(${stored.map(({ eventId }) => eventId)}::text[]) AS s (event_id)
             GROUP BY event_id) added
     WHERE event.id = added.event_id AND event.project_id = ${projectId}`;
  return stored;
}

/**
 * The next sequence numbers of strictly ordered webhooks, as many as each is named. The update holds the
 * webhook's row until the commit, so numbers become visible in their order; an identity column would not promise that
 * (a later number can commit first).
 * @returns gives a webhook its next number, and null to one that is not ordered
 */
async function takeSequence(tx: Tx, ordered: readonly Target[]): Promise<(webhook: Target) => bigint | null> {
  const wanted = new Map<string, number>();
  for (const { id } of ordered) wanted.set(id, (wanted.get(id) ?? 0) + 1);
  if (wanted.size === 0) return () => null;
  const rows = await tx.$queryRaw<{ id: string; last_seq: bigint; n: number }[]>`
    WITH wanted AS (SELECT * FROM unnest(${[...wanted.keys()]}::text[], ${[...wanted.values()]}::int[]) AS w (id, n)),
         locked AS (SELECT id FROM webhook WHERE id IN (SELECT id FROM wanted) ORDER BY id FOR NO KEY UPDATE)
    UPDATE webhook SET last_seq = last_seq + wanted.n FROM locked JOIN wanted USING (id) WHERE webhook.id = locked.id
    RETURNING webhook.id, webhook.last_seq, wanted.n`;
  const next = new Map(rows.map((row) => [row.id, row.last_seq - BigInt(row.n) + 1n]));
  return ({ id }) => {
    const seq = next.get(id);
    if (seq === undefined) return null;
    next.set(id, seq + 1n);
    return seq;
  };
}
