import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/generated/prisma/client";

/** Deliveries at the head of a webhook's queue, and in its lanes, that are looked through for requests under way. */
const LOOKED_THROUGH = { free: 150, laned: 1_000 } as const;

/** Requests under way to a webhook, and whether others of it are due that go before a delivery. */
export type Crowd = { underWay: number; ahead: boolean };

export const NO_CROWD: Crowd = { underWay: 0, ahead: false };

/** By due delivery, of the event or the one that is named: what else its webhook has under way, and what is due before it. */
export async function findCrowds(
  projectId: string,
  of: { eventId: string } | { deliveryId: string },
): Promise<Map<string, Crowd>> {
  const which = "eventId" in of ? Prisma.sql`d.event_id = ${of.eventId}` : Prisma.sql`d.id = ${of.deliveryId}`;
  const rows = await db.$queryRaw<{ id: string; under_way: number; ahead: boolean }[]>`
    SELECT d.id, (count(*) FILTER (WHERE other.leased))::int AS under_way,
           coalesce(bool_or(NOT other.leased AND other.lane IS NULL AND d.lane IS NULL
                            AND other.next_attempt_at < d.next_attempt_at), false) AS ahead
      FROM delivery d CROSS JOIN LATERAL (
        (SELECT f.lane, f.next_attempt_at, coalesce(f.lease_until > now(), false) AS leased FROM delivery f
          WHERE f.webhook_id = d.webhook_id AND f.status = 'pending' AND f.lane IS NULL AND f.next_attempt_at <= now()
          ORDER BY f.next_attempt_at LIMIT ${LOOKED_THROUGH.free})
        UNION ALL
        (SELECT l.lane, l.next_attempt_at, coalesce(l.lease_until > now(), false) AS leased FROM delivery l
          WHERE l.webhook_id = d.webhook_id AND l.status = 'pending' AND l.lane IS NOT NULL
          ORDER BY l.lane, l.seq LIMIT ${LOOKED_THROUGH.laned})
      ) other
     WHERE ${which} AND d.project_id = ${projectId} AND d.status = 'pending' AND d.next_attempt_at <= now()
     GROUP BY d.id`;
  return new Map(rows.map(({ id, under_way, ahead }) => [id, { underWay: under_way, ahead }]));
}
