import type { WebhookRetry } from "@/lib/contracts/webhooks";
import { afterCommit, type Tx } from "@/lib/db/transaction";
import { Prisma } from "@/lib/generated/prisma/client";
import { idsOfNow } from "@/lib/ids";
import { announceDeliveries } from "@/lib/live/channel";
import { LEASED_COLUMNS } from "@/lib/queue/hand-over";
import { type NamedDelivery, wakeWorkers } from "@/lib/queue/wake";
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

/** A delivery that is to be stored, under the names of its columns. */
export type NewDeliveryRow = {
  id: string;
  event_id: string;
  webhook_id: string;
  event_type: string;
  url: string;
  max_attempts: number;
  lane: string | null;
  seq: string | null;
};

/**
 * Numbers new deliveries: those of strictly ordered webhooks get lane and sequence number in the order given. A test is no
 * part of the order: it neither waits for a lane nor holds it up.
 */
export async function prepareDeliveries(
  tx: Tx,
  items: readonly NewDelivery[],
  { trigger, attempts }: NewDeliveryOptions,
): Promise<NewDeliveryRow[]> {
  const isOrdered = ({ ordering }: Target) => ordering === "strict" && trigger !== "test";
  const nextSeq = await takeSequence(tx, items.map(({ webhook }) => webhook).filter(isOrdered));
  const nextId = idsOfNow("delivery");
  return items.map(({ event, webhook }) => ({
    id: nextId(),
    event_id: event.id,
    webhook_id: webhook.id,
    event_type: event.type,
    url: webhook.url,
    max_attempts: attempts ?? maxAttempts(webhook.retry),
    lane: isOrdered(webhook) ? laneOf(webhook.orderKey, event.body) : null,
    seq: nextSeq(webhook)?.toString() ?? null,
  }));
}

const NOT_LEASED = { columns: Prisma.empty, values: Prisma.empty, join: Prisma.empty };

/**
 * The statement that stores them, due at once. All rows travel as one JSON text: a hundred cost about what one does,
 * and less than as arrays, of which the client looks at every element.
 * @param where a condition under which they are stored, with its WHERE
 * @param isLeased whether they are leased as a relation `lease` of the statement says, see hand-over.ts
 */
export function insertStatement(
  projectId: string,
  rows: readonly NewDeliveryRow[],
  { trigger, replayId = null }: NewDeliveryOptions,
  where = Prisma.empty,
  isLeased = false,
): Prisma.Sql {
  const { columns, values, join } = isLeased ? LEASED_COLUMNS : NOT_LEASED;
  return Prisma.sql`
    INSERT INTO delivery (id, project_id, event_id, webhook_id, event_type, url, max_attempts, trigger, replay_id, lane, seq ${columns})
    SELECT d.id, ${projectId}, d.event_id, d.webhook_id, d.event_type, d.url, d.max_attempts, ${trigger}, ${replayId}, d.lane, d.seq ${values}
      FROM json_to_recordset(${JSON.stringify(rows)}::json) AS d (
             id text, event_id text, webhook_id text, event_type text, url text, max_attempts int, lane text, seq bigint) ${join} ${where}`;
}

/** @returns what workers may be told to take, or undefined where they must look: in a lane not everything may go */
export function nameable(rows: readonly NewDeliveryRow[]): NamedDelivery[] | undefined {
  const isFree = rows.every(({ lane }) => lane === null);
  return isFree ? rows.map((row) => ({ id: row.id, webhookId: row.webhook_id })) : undefined;
}

/**
 * Tells the workers and the consoles after the commit.
 * @param areWorkersTold the transaction itself notifies them
 */
export function announceStored(
  tx: Tx,
  projectId: string,
  rows: readonly NewDeliveryRow[],
  { areWorkersTold = false } = {},
): void {
  if (rows.length === 0) return;
  afterCommit(tx, () => {
    if (!areWorkersTold) wakeWorkers(nameable(rows));
    announceDeliveries(
      projectId,
      rows.map(({ id }) => id),
    );
  });
}

/**
 * Stores deliveries of events that were emitted before and raises their `delivery_count` with it, so that the loss audit
 * stays right. The events' rows are locked first, in the order of their ids, by which two of these for one event follow
 * one another.
 * @returns those stored; an event that has a delivery for the webhook already gets no second one
 */
export async function addDeliveries(
  tx: Tx,
  projectId: string,
  items: readonly NewDelivery[],
  options: NewDeliveryOptions,
): Promise<StoredDelivery[]> {
  if (items.length === 0) return [];
  const eventIds = [...new Set(items.map(({ event }) => event.id))];
  await tx.$queryRaw`
    SELECT 1 FROM event WHERE id = ANY(${eventIds}) AND project_id = ${projectId} ORDER BY id FOR NO KEY UPDATE`;
  const rows = await prepareDeliveries(tx, items, options);
  const stored = await tx.$queryRaw<StoredDelivery[]>`
    ${insertStatement(projectId, rows, options)}
    ON CONFLICT (event_id, webhook_id) DO NOTHING
    RETURNING id, event_id AS "eventId", webhook_id AS "webhookId"`;
  await tx.$executeRaw`
    UPDATE event SET delivery_count = delivery_count + added.n
      FROM (SELECT event_id, count(*)::int AS n FROM unnest(${stored.map(({ eventId }) => eventId)}::text[]) AS s (event_id)
             GROUP BY event_id) added
     WHERE event.id = added.event_id AND event.project_id = ${projectId}`;
  const storedIds = new Set(stored.map(({ id }) => id));
  announceStored(
    tx,
    projectId,
    rows.filter(({ id }) => storedIds.has(id)),
  );
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
