import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Pool } from "pg";
import { log } from "@/lib/log";

const BEAT_MS = 5_000;

/** A worker whose last beat is older than this counts as dead; read by the health check. */
export const BEAT_STALE_S = 15;

/**
 * Writes a row that says this worker is alive, until the signal; then removes it.
 * @param trouble what keeps it from sending, for the operator; null when nothing does
 * @param onCount told after each beat how many workers are alive
 */
export async function beat(
  pool: Pool,
  signal: AbortSignal,
  { trouble, onCount }: { trouble: () => string | null; onCount: (workers: number) => void },
): Promise<void> {
  const id = randomUUID();
  const write = () =>
    pool
      .query<{ workers: number }>(
        `WITH beat AS (
           INSERT INTO worker_beat (id, host, pid, started_at, beat_at, trouble) VALUES ($1, $2, $3, now(), now(), $4)
           ON CONFLICT (id) DO UPDATE SET beat_at = now(), trouble = $4)
         SELECT 1 + count(*)::int AS workers FROM worker_beat
          WHERE id <> $1 AND beat_at > now() - make_interval(secs => ${BEAT_STALE_S})`,
        [id, hostname(), process.pid, trouble()],
      )
      .then(({ rows }) => onCount(rows[0]?.workers ?? 1))
      .catch((err: unknown) => log.warn({ err }, "heartbeat failed"));
  await write();
  const timer = setInterval(write, BEAT_MS);
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  clearInterval(timer);
  await pool
    .query("DELETE FROM worker_beat WHERE id = $1 OR beat_at < now() - interval '1 day'", [id])
    .catch((err: unknown) => log.warn({ err }, "heartbeat could not be removed"));
}
