/** Rows of a strictly ordered webhook that are looked at for the heads of its lanes. */
const LANED_LOOKED_AT = 10_000;

const FREE_AND_DUE = "next_attempt_at <= now() AND (lease_until IS NULL OR lease_until <= now())";

/** SQL: whether the workers may take deliveries of webhook `w` now. What waits for a pause or a probe is not late. */
export const IS_SERVED = `w.enabled AND w.deleted_at IS NULL AND w.health <> 'probing'
  AND (w.paused_until IS NULL OR w.paused_until <= now())`;

/**
 * SQL: since when the oldest delivery of webhook `w` that a worker could take has been due; null when there is none. Read
 * from the queue's own indexes, so that neither what is done nor what is not due yet costs anything. Of a lane only the
 * head can be taken; of a webhook with more than 10,000 waiting in lanes those of the first lanes are looked at.
 */
export const OLDEST_DUE = `(
  SELECT min(next_attempt_at) FROM (
    (SELECT d.next_attempt_at FROM delivery d
      WHERE d.webhook_id = w.id AND d.status = 'pending' AND d.lane IS NULL AND ${FREE_AND_DUE}
      ORDER BY d.next_attempt_at LIMIT 1)
    UNION ALL
    (SELECT head.next_attempt_at FROM (
       SELECT DISTINCT ON (lane) next_attempt_at, lease_until FROM (
         SELECT d.lane, d.seq, d.next_attempt_at, d.lease_until FROM delivery d
          WHERE d.webhook_id = w.id AND d.status = 'pending' AND d.lane IS NOT NULL
          ORDER BY d.lane, d.seq LIMIT ${LANED_LOOKED_AT}) waiting
        ORDER BY lane, seq) head
      WHERE ${FREE_AND_DUE})
  ) heads)`;
