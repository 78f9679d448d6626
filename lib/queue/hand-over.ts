import { z } from "zod";
import { Prisma } from "@/lib/generated/prisma/client";
import { type ClaimedDelivery, claimedColumns, claimedRowSchema, LEASE_MS, toClaimed } from "@/lib/queue/claim";
import { PLAIN } from "@/lib/queue/claim-named";
import { BEAT_STALE_S } from "@/lib/queue/heartbeat";

/**
 * Deliveries that the statement that stored them has leased for a worker. The notification carries all that the worker
 * needs, so that it sends at once instead of claiming first.
 */
export type HandedOver = {
  to: string;
  /** When they were leased, in ms since 1970 by the database's clock. */
  leasedAt: number;
  deliveries: ClaimedDelivery[];
};

/** Deliveries at most that one notification hands over; more are named, or looked for. */
const MOST_HANDED = 4;

/** PostgreSQL refuses payloads of 8,000 bytes and more. */
const PAYLOAD_BYTES = 7_900;

/** Bytes at most that a delivery itself adds to the payload: the columns' names, ids, numbers, its type. */
const OWN_BYTES = 1_000;

const payloadSchema = z.object({
  to: z.string(),
  leased_at: z.number(),
  rows: z.array(claimedRowSchema).max(MOST_HANDED),
});

/**
 * The name of the advisory lock that a worker holds over the connection on which it listens. It is free as soon as that
 * connection has ended, so where it is held somebody listens. The number is that of the payload's form.
 */
export const listeningLock = (workerId: string) => `worker 1 ${workerId}`;

/** @returns whether that many deliveries of an event with this body may be handed over, if their webhooks' rows are small */
export function mayHandOver(deliveries: number, body: string): boolean {
  return deliveries > 0 && deliveries <= MOST_HANDED && bytesLeft(deliveries, body) > 0;
}

/** How much of the payload is left for what comes of the webhooks. */
function bytesLeft(deliveries: number, body: string): number {
  return PAYLOAD_BYTES - deliveries * (Buffer.byteLength(JSON.stringify(body)) + OWN_BYTES);
}

/**
 * Two relations for a statement that stores deliveries: `plain`, the webhooks with nothing about them to decide, and
 * `lease`, of one row if all of them are plain, the payload has room and a worker listens; else of none.
 */
export function leaseFor(webhookIds: readonly string[], body: string): Prisma.Sql {
  const count = webhookIds.length;
  return Prisma.sql`
    plain AS MATERIALIZED (
      SELECT id, url, secret, signing, previous_secrets, headers, retry, max_in_flight, rate_limit, failing_since, paused_until, health
        FROM webhook w WHERE id = ANY (${webhookIds}::text[]) AND ${Prisma.raw(PLAIN)}
    ), lease AS MATERIALIZED (
      SELECT id AS worker_id, clock_timestamp() AS leased_at
        FROM worker_beat
       WHERE beat_at > now() - ${Prisma.raw(`make_interval(secs => ${BEAT_STALE_S})`)}
         AND (SELECT count(*) = ${count}::int AND sum(octet_length(row_to_json(plain)::text)) < ${bytesLeft(count, body)}::int FROM plain)
         AND NOT pg_try_advisory_xact_lock_shared(hashtextextended(${listeningLock("")} || id, 0))
       ORDER BY random() LIMIT 1
    )`;
}

/** What a delivery is stored with beside such a relation `lease`: columns, their values, and how it is joined. */
export const LEASED_COLUMNS = {
  columns: Prisma.sql`, attempt_count, lease_token, lease_until`,
  values: Prisma.sql`, (lease.leased_at IS NOT NULL)::int, CASE WHEN lease.leased_at IS NOT NULL THEN gen_random_uuid() END,
           lease.leased_at + ${Prisma.raw(`make_interval(secs => ${LEASE_MS / 1000})`)}`,
  join: Prisma.sql`LEFT JOIN lease ON true`,
};

/** The payload, in a statement with these, `stored` (the event) and `delivered` (the deliveries); null without a lease. */
export const HANDED_OVER = Prisma.sql`(
  SELECT json_build_object('to', worker_id, 'leased_at', extract(epoch FROM leased_at) * 1000, 'rows', (
    SELECT json_agg(claimed) FROM (
      SELECT ${Prisma.raw(claimedColumns("0 AS waited_ms"))} FROM delivered d JOIN stored e ON e.id = d.event_id JOIN plain w ON w.id = d.webhook_id
    ) claimed))::text FROM lease)`;

/** @returns what a notification hands over; null when it is none of these */
export function parseHandedOver(payload: string): HandedOver | null {
  if (!payload.startsWith("{")) return null;
  try {
    const { to, leased_at, rows } = payloadSchema.parse(JSON.parse(payload));
    return { to, leasedAt: leased_at, deliveries: rows.map(toClaimed) };
  } catch {
    return null;
  }
}
