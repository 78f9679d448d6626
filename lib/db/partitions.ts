import type { Pool, PoolClient } from "pg";
import { pool } from "@/lib/db/pool";
import { log } from "@/lib/log";

const DAY_MS = 24 * 3600 * 1000;

/** Days for which partitions are made in advance; the daily clean-up makes more. */
const DAYS_AHEAD = 7;

/** A partition is made or dropped only if the table is free within this time; otherwise the next run does it. */
const LOCK_TIMEOUT_MS = 2_000;

/** Serialises the processes that make partitions. */
const LOCK = "hashtext('dumont.attempt_partitions')";

/**
 * Makes the partitions of the attempt table for today (UTC) and the days to come. Attempts that are already in the
 * default partition because their day's was missing move into it. Safe from any number of processes at once.
 */
export async function ensureAttemptPartitions(now: Date): Promise<void> {
  const today = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  const present = new Set(await attemptPartitions());
  for (let ahead = 0; ahead <= DAYS_AHEAD; ahead += 1) {
    const day = new Date(today + ahead * DAY_MS);
    if (!present.has(partitionOf(day))) await inTransaction(pool(), (client) => makePartition(client, day));
  }
}

/**
 * Drops the partitions of days that ended before the time, at once and without dead rows, and deletes what the default
 * partition holds from before.
 * @returns the names of the dropped partitions
 */
export async function dropAttemptPartitions(before: Date): Promise<string[]> {
  const old = (await attemptPartitions()).filter((name) => endOf(name) <= before.getTime());
  for (const name of old) await inTransaction(pool(), (client) => client.query(`DROP TABLE IF EXISTS "${name}"`));
  await pool().query("DELETE FROM attempt_default WHERE started_at < $1", [before]);
  return old;
}

/** Names of the days' partitions, oldest first. */
export async function attemptPartitions(): Promise<string[]> {
  const { rows } = await pool().query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
      WHERE i.inhparent = 'attempt'::regclass AND c.relname ~ '^attempt_[0-9]{8}$' ORDER BY 1`,
  );
  return rows.map((row) => row.name);
}

async function makePartition(client: PoolClient, day: Date): Promise<void> {
  await client.query(`SELECT pg_advisory_xact_lock(${LOCK})`);
  const name = partitionOf(day);
  const { rows } = await client.query<{ name: string | null }>("SELECT to_regclass($1)::text AS name", [name]);
  if (rows[0]?.name != null) return;
  const range = [day.toISOString(), new Date(day.getTime() + DAY_MS).toISOString()] as const;
  // With its partitions. Locking the default one alone would not do: an attempt that is on its way into it would find,
  // when it is let in, that it belongs elsewhere by now, and fail.
  await client.query("LOCK TABLE attempt IN ACCESS EXCLUSIVE MODE");
  await client.query(`CREATE TABLE "${name}" (LIKE attempt INCLUDING DEFAULTS INCLUDING CONSTRAINTS)`);
  await client.query(
    `WITH moved AS (DELETE FROM attempt_default WHERE started_at >= $1 AND started_at < $2 RETURNING *)
     INSERT INTO "${name}" SELECT * FROM moved`,
    [...range],
  );
  await client.query(
    `ALTER TABLE attempt ATTACH PARTITION "${name}" FOR VALUES FROM ('${range[0]}') TO ('${range[1]}')`,
  );
}

/** A busy table is left for the next run: an attempt must not wait behind us. */
async function inTransaction(from: Pool, work: (client: PoolClient) => Promise<unknown>): Promise<void> {
  const client = await from.connect();
  try {
    await client.query(`BEGIN; SET LOCAL lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await work(client);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    if (!isLockTimeout(error)) throw error;
    log.warn("attempts are busy; their partitions are left for the next run");
  } finally {
    client.release();
  }
}

function isLockTimeout(error: unknown): boolean {
  return typeof error === "object" && error !== null && Reflect.get(error, "code") === "55P03";
}

function partitionOf(day: Date): string {
  return `attempt_${day.toISOString().slice(0, 10).replaceAll("-", "")}`;
}

function endOf(partition: string): number {
  const [, year, month, day] = /^attempt_(\d{4})(\d{2})(\d{2})$/.exec(partition) ?? [];
  return Date.UTC(Number(year), Number(month) - 1, Number(day)) + DAY_MS;
}
