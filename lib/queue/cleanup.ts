import { dropAttemptPartitions, ensureAttemptPartitions } from "@/lib/db/partitions";
import { pool } from "@/lib/db/pool";
import { env } from "@/lib/env";
import { IDEMPOTENCY_HOURS } from "@/lib/http/idempotency";

/** Rows of one statement: locks stay short and replicas keep up. */
const BATCH = 1_000;

const DAY_MS = 24 * 3600 * 1000;

/** How long a quote that nobody booked can still be looked up. */
const QUOTE_DAYS = 30;

export type CleanupResult = {
  events: number;
  workflows: number;
  attempt_days: number;
  stats: number;
  idempotency_keys: number;
  rate_limits: number;
  quotes: number;
  audit_entries: number;
  instance_logs: number;
};

/** Events that may go: old, and none of their deliveries unfinished. */
const OLD_EVENTS = `SELECT e.id FROM event e WHERE e.created_at < $1
   AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.event_id = e.id AND d.status = 'pending')`;

/**
 * Workflows that may go, with their artifacts and the webhooks that requests brought along: old, without an event that is
 * left, and nothing of theirs still to come, such as the start of a booking months ahead.
 */
const OLD_WORKFLOWS = `SELECT w.id FROM workflow w WHERE w.created_at < $1
   AND NOT EXISTS (SELECT 1 FROM event e WHERE e.project_id = w.project_id AND e.correlation_id = w.correlation_id)
   AND NOT EXISTS (SELECT 1 FROM reservation r WHERE r.id = w.correlation_id AND r.status IN ('held', 'confirmed', 'active'))
   AND NOT EXISTS (SELECT 1 FROM instance i WHERE i.ended_at IS NULL AND i.project_id = w.project_id
                      AND i.correlation_id = w.correlation_id)
   AND NOT EXISTS (SELECT 1 FROM artifact_task t JOIN artifact a ON a.id = t.artifact_id
                    WHERE a.workflow_id = w.id AND t.status = 'waiting')`;

/**
 * Lines of the logs of instances that may go: old. What an instance became and when is read out of its log, so as long as
 * it is not over, those lines stay.
 */
const OLD_INSTANCE_LOGS = `SELECT l.id FROM instance_log l WHERE l.at < $1
   AND (l.details->>'status' IS NULL
        OR EXISTS (SELECT 1 FROM instance i WHERE i.id = l.instance_id AND i.ended_at IS NOT NULL))`;

/**
 * Removes what is past its time: events with their deliveries after `days` (never while one of the deliveries is
 * unfinished), workflows of which nothing is left, the attempts of days before that by dropping their partitions,
 * statistics, answers kept for Idempotency-Key, counters of rate limits, quotes that no reservation was made of, entries
 * of the audit log after AUDIT_RETENTION_DAYS, and lines of the logs of instances after INSTANCE_LOG_RETENTION_DAYS. Makes
 * the partitions of the days to come.
 * @param days RETENTION_DAYS unless told
 * @returns how many of each were removed
 */
export async function cleanUp(
  now: Date,
  { days = env.RETENTION_DAYS }: { days?: number } = {},
): Promise<CleanupResult> {
  await ensureAttemptPartitions(now);
  const before = new Date(now.getTime() - days * DAY_MS);
  return {
    events: await inBatches(`DELETE FROM event WHERE id IN (${OLD_EVENTS} ORDER BY e.created_at LIMIT $2)`, before),
    workflows: await inBatches(`DELETE FROM workflow WHERE id IN (${OLD_WORKFLOWS} LIMIT $2)`, before),
    attempt_days: (await dropAttemptPartitions(before)).length,
    stats: await inBatches(
      "DELETE FROM webhook_stat WHERE ctid = ANY(ARRAY(SELECT ctid FROM webhook_stat WHERE minute < $1 LIMIT $2))",
      before,
    ),
    idempotency_keys: await inBatches(
      "DELETE FROM idempotency_key WHERE ctid = ANY(ARRAY(SELECT ctid FROM idempotency_key WHERE created_at < $1 LIMIT $2))",
      new Date(now.getTime() - IDEMPOTENCY_HOURS * 3600 * 1000),
    ),
    rate_limits: await inBatches(
      "DELETE FROM rate_limit WHERE ctid = ANY(ARRAY(SELECT ctid FROM rate_limit WHERE expire < $1 LIMIT $2))",
      now,
    ),
    quotes: await inBatches(
      `DELETE FROM quote WHERE id IN (
         SELECT q.id FROM quote q WHERE q.expires_at < $1
            AND NOT EXISTS (SELECT 1 FROM reservation r WHERE r.quote_id = q.id) LIMIT $2)`,
      new Date(now.getTime() - QUOTE_DAYS * DAY_MS),
    ),
    audit_entries: await inBatches(
      "DELETE FROM audit_entry WHERE ctid = ANY(ARRAY(SELECT ctid FROM audit_entry WHERE created_at < $1 LIMIT $2))",
      new Date(now.getTime() - env.AUDIT_RETENTION_DAYS * DAY_MS),
    ),
    instance_logs: await inBatches(
      `DELETE FROM instance_log WHERE id = ANY(ARRAY(${OLD_INSTANCE_LOGS} LIMIT $2))`,
      new Date(now.getTime() - env.INSTANCE_LOG_RETENTION_DAYS * DAY_MS),
    ),
  };
}

/** How many events cleanUp would remove now. */
export async function countOldEvents(now: Date, days: number): Promise<number> {
  const { rows } = await pool().query<{ n: number }>(`SELECT count(*)::int AS n FROM (${OLD_EVENTS}) old`, [
    new Date(now.getTime() - days * DAY_MS),
  ]);
  return rows[0]?.n ?? 0;
}

async function inBatches(statement: string, before: Date): Promise<number> {
  let removed = 0;
  for (;;) {
    const { rowCount } = await pool().query(statement, [before, BATCH]);
    removed += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) return removed;
  }
}
