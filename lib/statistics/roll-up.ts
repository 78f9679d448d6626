import { pool } from "@/lib/db/pool";
import { TIERS } from "@/lib/statistics/tiers";
import { sumOfArrays } from "@/lib/statistics/traffic";

/**
 * Adds up the minutes of the past as TIERS says, one slot of all webhooks after the other. Each slot is one statement
 * that takes its rows away and puts their sum in their place, so it may be broken off, repeated and run by two workers
 * at once; what a late worker counts for a minute long gone is added the next time. To be run every few minutes. What is
 * past RETENTION_DAYS is removed by cleanUp.
 * @returns how many rows were added up into others
 */
export async function rollUpStats(now: Date): Promise<{ rows: number }> {
  let rows = 0;
  for (const { olderThanMs, spanMs } of TIERS.toReversed()) {
    const before = new Date(now.getTime() - olderThanMs);
    for (let slot = await findSlot(before, spanMs); slot !== null; slot = await findSlot(before, spanMs)) {
      rows += await addUp(slot, new Date(slot.getTime() + spanMs));
    }
  }
  return { rows };
}

/** The oldest slot that is over and still has rows finer than itself; null when there is none. */
async function findSlot(before: Date, spanMs: number): Promise<Date | null> {
  const { rows } = await pool().query<{ slot: Date }>(
    `SELECT date_bin(make_interval(secs => $2::int), minute, 'epoch') AS slot FROM webhook_stat
      WHERE minute < date_bin(make_interval(secs => $2::int), $1, 'epoch') AND extract(epoch FROM minute)::bigint % $2::int <> 0
      ORDER BY minute LIMIT 1`,
    [before, spanMs / 1000],
  );
  return rows[0]?.slot ?? null;
}

async function addUp(from: Date, to: Date): Promise<number> {
  const { rows } = await pool().query<{ gone: number }>(
    `WITH gone AS (DELETE FROM webhook_stat WHERE minute >= $1 AND minute < $2 RETURNING *),
          put AS (
            INSERT INTO webhook_stat (webhook_id, minute, project_id, delivered, failed, attempts_ok, attempts_failed, latency, queue_wait)
            SELECT webhook_id, $1, project_id, sum(delivered), sum(failed), sum(attempts_ok), sum(attempts_failed),
                   ${sumOfArrays("latency", "int")}, ${sumOfArrays("queue_wait", "int")}
              FROM gone GROUP BY webhook_id, project_id)
     SELECT count(*)::int AS gone FROM gone`,
    [from, to],
  );
  return rows[0]?.gone ?? 0;
}
