import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import type { Pool } from "pg";
import { log } from "@/lib/log";
import type { Place } from "@/lib/queue/share";

const BEAT_MS = 5_000;

/** A worker whose last beat is older than this counts as dead; read by the health check. */
export const BEAT_STALE_S = 15;

/**
 * Writes a row that says this worker is alive, until the signal; then removes it.
 * @param trouble what keeps it from sending, for the operator; null when nothing does
 * @param onPlace told after each beat how many workers are alive, and how many of them began before this one
 */
export async function beat(
  pool: Pool,
  signal: AbortSignal,
  { trouble, onPlace }: { trouble: () => string | null; onPlace: (place: Place) => void },
): Promise<void> {
  const id = randomUUID();
  const write = () =>
    pool
      .query<Place>(
        `WITH beat AS (
           INSERT INTO worker_beat (id, host, pid, started_at, beat_at, trouble) VALUES ($1, $2, $3, now(), now(), $4)
           ON CONFLICT (id) DO UPDATE SET beat_at = now(), trouble = $4 RETURNING started_at, id)
         SELECT 1 + count(*)::int AS workers,
                (count(*) FILTER (WHERE (started_at, id) < (SELECT started_at, id FROM beat)))::int AS rank
           FROM worker_beat
          WHERE id <> $1 AND beat_at > now() - make_interval(secs => ${BEAT_STALE_S})`,
        [id, hostname(), process.pid, trouble()],
      )
      .then(({ rows }) => rows[0] && onPlace(rows[0]))
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
