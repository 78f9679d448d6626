import { ADMIN_LIMITS } from "@/lib/contracts/admin";
import { pool } from "@/lib/db/pool";
import { IS_SERVED, OLDEST_DUE } from "@/lib/queue/oldest-due";

/**
 * The webhooks that have something waiting, found by hopping from one to the next in the partial indexes of what waits:
 * the cost is theirs alone, however many webhooks there are and however much is done.
 */
const BUSY = `
  unlaned AS (
    (SELECT webhook_id FROM delivery WHERE status = 'pending' AND lane IS NULL ORDER BY webhook_id LIMIT 1)
    UNION ALL
    SELECT (SELECT d.webhook_id FROM delivery d
             WHERE d.status = 'pending' AND d.lane IS NULL AND d.webhook_id > u.webhook_id ORDER BY d.webhook_id LIMIT 1)
      FROM unlaned u WHERE u.webhook_id IS NOT NULL),
  laned AS (
    (SELECT webhook_id FROM delivery WHERE status = 'pending' AND lane IS NOT NULL ORDER BY webhook_id LIMIT 1)
    UNION ALL
    SELECT (SELECT d.webhook_id FROM delivery d
             WHERE d.status = 'pending' AND d.lane IS NOT NULL AND d.webhook_id > l.webhook_id ORDER BY d.webhook_id LIMIT 1)
      FROM laned l WHERE l.webhook_id IS NOT NULL)`;

/** What waits, up to a limit, in the order of the same indexes, so that nothing else is read. */
const WAITING = `
  waiting AS (
    (SELECT next_attempt_at, lease_until FROM delivery WHERE status = 'pending' AND lane IS NULL
      ORDER BY webhook_id, next_attempt_at LIMIT $1)
    UNION ALL
    (SELECT next_attempt_at, lease_until FROM delivery WHERE status = 'pending' AND lane IS NOT NULL
      ORDER BY webhook_id, lane, seq LIMIT $1))`;

export type QueueState = {
  /** Not ended, due or not; this and the next two are counted up to ADMIN_LIMITS.counted. */
  waiting: number;
  due: number;
  underWay: number;
  oldestDueAt: Date | null;
};

/** How much waits, and since when what a worker could take has been due. */
export async function readQueue(): Promise<QueueState> {
  const { rows } = await pool().query<{ waiting: number; due: number; under_way: number; oldest: Date | null }>(
    `WITH RECURSIVE ${BUSY}, ${WAITING}
     SELECT least(count(*), $1)::int AS waiting,
            least(count(*) FILTER (WHERE next_attempt_at <= now()), $1)::int AS due,
            least(count(*) FILTER (WHERE lease_until > now()), $1)::int AS under_way,
            (SELECT min(${OLDEST_DUE}) FROM (SELECT webhook_id FROM unlaned UNION SELECT webhook_id FROM laned) busy
               JOIN webhook w ON w.id = busy.webhook_id WHERE ${IS_SERVED}) AS oldest
       FROM waiting`,
    [ADMIN_LIMITS.counted],
  );
  const row = rows[0];
  return {
    waiting: row?.waiting ?? 0,
    due: row?.due ?? 0,
    underWay: row?.under_way ?? 0,
    oldestDueAt: row?.oldest ?? null,
  };
}

/** What recover() would mend: nobody works on it, and its webhook is deleted, or enabled without it being due. */
export async function countStuck(): Promise<number> {
  const { rows } = await pool().query<{ stuck: number }>(
    `WITH RECURSIVE ${BUSY}, busy AS (SELECT webhook_id FROM unlaned UNION SELECT webhook_id FROM laned)
     SELECT count(*)::int AS stuck FROM (
       SELECT 1 FROM busy JOIN webhook w ON w.id = busy.webhook_id JOIN delivery d ON d.webhook_id = w.id
        WHERE d.status = 'pending' AND (d.lease_until IS NULL OR d.lease_until <= now())
          AND (w.deleted_at IS NOT NULL OR (w.enabled AND d.next_attempt_at IS NULL))
        LIMIT $1) AS found`,
    [ADMIN_LIMITS.counted],
  );
  return rows[0]?.stuck ?? 0;
}
