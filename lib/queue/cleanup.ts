import { pool } from "@/lib/db/pool";
import { env } from "@/lib/env";
import { IDEMPOTENCY_HOURS } from "@/lib/http/idempotency";

/** Rows of one statement: locks stay short and replicas keep up. */
const BATCH = 1_000;

const DAY_MS = 24 * 3600 * 1000;

/**
 * Removes what is past its time: events with their deliveries and attempts after RETENTION_DAYS (never while one of
 * their deliveries is unfinished), answers kept for Idempotency-Key, counters of rate limits.
 * @returns how many rows of each were removed
 */
export async function cleanUp(now: Date): Promise<{ events: number; idempotency_keys: number; rate_limits: number }> {
  return {
    events: await inBatches(
      `DELETE FROM event WHERE id IN (
         SELECT e.id FROM event e WHERE e.created_at < $1
            AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.event_id = e.id AND d.status = 'pending')
          ORDER BY e.created_at LIMIT $2)`,
      new Date(now.getTime() - env.RETENTION_DAYS * DAY_MS),
    ),
    idempotency_keys: await inBatches(
      `DELETE FROM idempotency_key WHERE ctid = ANY(ARRAY(SELECT ctid FROM idempotency_key WHERE created_at < $1 LIMIT $2))`,
      new Date(now.getTime() - IDEMPOTENCY_HOURS * 3600 * 1000),
    ),
    rate_limits: await inBatches(
      `DELETE FROM rate_limit WHERE ctid = ANY(ARRAY(SELECT ctid FROM rate_limit WHERE expire < $1 LIMIT $2))`,
      now,
    ),
  };
}

async function inBatches(statement: string, before: Date): Promise<number> {
  let removed = 0;
  for (;;) {
    const { rowCount } = await pool().query(statement, [before, BATCH]);
    removed += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) return removed;
  }
}
