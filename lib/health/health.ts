import type { Health } from "@/lib/contracts/health";
import { sqlState } from "@/lib/db/errors";
import { pendingMigrations } from "@/lib/db/migration-files";
import { pool } from "@/lib/db/pool";
import { log } from "@/lib/log";
import { BEAT_STALE_S } from "@/lib/queue/heartbeat";

/** Milliseconds for the whole examination: whoever asks must have an answer even when the database hangs. */
const DEADLINE_MS = 2000;
const UNDEFINED_TABLE = "42P01";

/**
 * Looks at what this installation needs to work: the database answers, its migrations are applied, a worker is alive.
 * Never throws and takes two seconds at most.
 */
export async function checkHealth(): Promise<Health> {
  const known = await withDeadline(examine()).catch((err: unknown) => {
    log.warn({ err }, "the database did not answer the health check");
    return undefined;
  });
  if (!known) return { status: "degraded", database: "down", migrations: "unknown", worker: "unknown" };
  const ok = known.migrations === "ok" && known.worker === "ok";
  return { status: ok ? "ok" : "degraded", database: "ok", ...known };
}

async function examine(): Promise<Pick<Health, "migrations" | "worker">> {
  const [migrations, worker] = await Promise.all([checkMigrations(), checkWorker()]);
  return { migrations, worker };
}

async function checkMigrations(): Promise<Health["migrations"]> {
  try {
    return (await pendingMigrations(pool())).length === 0 ? "ok" : "pending";
  } catch (error) {
    // The folder was not installed along with the program.
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "unknown";
    throw error;
  }
}

async function checkWorker(): Promise<Health["worker"]> {
  try {
    const { rows } = await pool().query<{ alive: boolean }>(
      "SELECT EXISTS (SELECT 1 FROM worker_beat WHERE beat_at > now() - make_interval(secs => $1)) AS alive",
      [BEAT_STALE_S],
    );
    return rows[0]?.alive ? "ok" : "none";
  } catch (error) {
    if (sqlState(error) === UNDEFINED_TABLE) return "unknown";
    throw error;
  }
}

async function withDeadline<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${DEADLINE_MS} ms`)), DEADLINE_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
