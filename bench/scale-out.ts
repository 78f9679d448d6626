import type { ChildProcess } from "node:child_process";
import { pool } from "@/lib/db/pool";
import { cpuSeconds, cpuSecondsWithChildren } from "./cpu";
import {
  createWebhooks,
  drained,
  pause,
  postgresPid,
  preload,
  rawPosts,
  round,
  startReceiver,
  startWorker,
  stopWorker,
} from "./support";

const DELIVERIES = 30_000;
const WEBHOOKS = 100;
const COUNTS = [1, 2, 4];

/** Deliveries per second with 1, 2 and 4 worker processes on one database, and what a delivery costs each time. */
export async function run(say: (line: string) => void) {
  const receiver = await startReceiver();
  const raw = await rawPosts(receiver.url, DELIVERIES);
  const runs = [];
  for (const workers of COUNTS) {
    const result = await withWorkers(receiver.url, workers);
    say(JSON.stringify(result));
    runs.push(result);
  }
  receiver.stop();
  return { raw_posts_per_s: round(raw), runs, ratio: round((runs.at(-1)?.per_s ?? 0) / (runs[0]?.per_s ?? 1)) };
}

async function withWorkers(url: string, count: number) {
  const { projectId, webhooks } = await createWebhooks(Array.from({ length: WEBHOOKS }, () => `${url}/`));
  // All of them are up and idle before there is work.
  const workers = Array.from({ length: count }, () => startWorker());
  await pause(4_000);
  await preload(projectId, webhooks, DELIVERIES, "3 s");
  const before = await usage(workers);
  const startedAt = performance.now() + 3_000;
  await drained(projectId);
  const seconds = (performance.now() - startedAt) / 1000;
  const after = await usage(workers);
  await Promise.all(workers.map(stopWorker));
  const stored = await storedBytes();
  await pool().query("TRUNCATE event, delivery, attempt");
  const each = (value: number) => round(value / DELIVERIES);
  return {
    workers: count,
    per_s: round(DELIVERIES / seconds),
    worker_cpu_us: each((after.workerCpu - before.workerCpu) * 1e6),
    database_cpu_us: each((after.databaseCpu - before.databaseCpu) * 1e6),
    wal_bytes: each(after.wal - before.wal),
    stored_bytes: each(stored),
    transactions: each(after.transactions - before.transactions),
  };
}

/** Of events, deliveries and attempts with their indexes. */
async function storedBytes(): Promise<number> {
  const { rows } = await pool().query<{ bytes: number }>(
    `SELECT sum(pg_total_relation_size(c.oid))::float8 AS bytes FROM pg_class c
      WHERE c.relname IN ('event', 'delivery') OR (c.relname ~ '^attempt_' AND c.relkind = 'r')`,
  );
  return rows[0]?.bytes ?? 0;
}

async function usage(workers: ChildProcess[]) {
  const { rows } = await pool().query<{ wal: number; transactions: number }>(
    `SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::float8 AS wal, xact_commit::float8 AS transactions
       FROM pg_stat_database WHERE datname = current_database()`,
  );
  const databasePid = await postgresPid();
  return {
    wal: rows[0]?.wal ?? 0,
    transactions: rows[0]?.transactions ?? 0,
    workerCpu: workers.reduce((sum, worker) => sum + cpuSeconds(worker.pid ?? 0), 0),
    databaseCpu: cpuSecondsWithChildren(databasePid),
  };
}
