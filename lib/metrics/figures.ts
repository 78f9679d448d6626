import { ADMIN_LIMITS } from "@/lib/contracts/admin";
import { pool } from "@/lib/db/pool";
import { Counters, type Totals } from "@/lib/metrics/counters";
import { type QueueState, readQueue } from "@/lib/metrics/queue";
import { BEAT_STALE_S } from "@/lib/queue/heartbeat";

declare global {
  var dumontCounters: Counters | undefined;
}

/** Everything that the metrics say, as it is in the database at one moment. */
export type Figures = {
  totals: Totals;
  queue: QueueState;
  /** In the log, counted up to ADMIN_LIMITS.counted. */
  ended: { failed: number; cancelled: number };
  workersAlive: number;
  webhooks: { status: string; count: number }[];
};

/** Reads them in a few statements, each over an index or a small table. */
export async function readFigures(now: Date): Promise<Figures> {
  const [totals, queue, failed, cancelled, workersAlive, webhooks] = await Promise.all([
    counters().read(now),
    readQueue(),
    countEnded("failed"),
    countEnded("cancelled"),
    countWorkers(),
    countWebhooks(),
  ]);
  return { totals, queue, ended: { failed, cancelled }, workersAlive, webhooks };
}

/** One per process, however often Next.js loads this module: two would each begin at zero. */
export function counters(): Counters {
  globalThis.dumontCounters ??= new Counters(new Date());
  return globalThis.dumontCounters;
}

/** In the order of the partial index of what ended badly, so that nothing else is read. */
async function countEnded(status: "failed" | "cancelled"): Promise<number> {
  const { rows } = await pool().query<{ count: number }>(
    `SELECT count(*)::int AS count FROM (
       SELECT 1 FROM delivery WHERE status = '${status}' ORDER BY project_id, id LIMIT $1) AS ended`,
    [ADMIN_LIMITS.counted],
  );
  return rows[0]?.count ?? 0;
}

async function countWorkers(): Promise<number> {
  const { rows } = await pool().query<{ count: number }>(
    "SELECT count(*)::int AS count FROM worker_beat WHERE beat_at > now() - make_interval(secs => $1)",
    [BEAT_STALE_S],
  );
  return rows[0]?.count ?? 0;
}

async function countWebhooks(): Promise<Figures["webhooks"]> {
  const { rows } = await pool().query<Figures["webhooks"][number]>(
    `SELECT CASE WHEN enabled THEN health ELSE 'disabled' END AS status, count(*)::int AS count
       FROM webhook WHERE deleted_at IS NULL AND workflow_id IS NULL GROUP BY 1`,
  );
  return rows;
}
