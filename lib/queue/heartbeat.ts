import { hostname } from "node:os";
import type { Pool } from "pg";
import { log } from "@/lib/log";
import { OUTSIDE, type Place } from "@/lib/queue/share";
import { HEARD_MS, placesAmong, type Stay } from "@/lib/queue/standing";

const BEAT_MS = 5_000;

/** A worker whose last beat is older than this counts as dead; read by the health check. */
export const BEAT_STALE_S = 15;

const STALE = `make_interval(secs => ${BEAT_STALE_S})`;

const msAgo = (moment: string) => `(extract(epoch FROM now() - ${moment}) * 1000)::float8`;

/** One that was taken for dead begins anew: the others have shared its part out. */
const BEAT = `
INSERT INTO worker_beat (id, host, pid, started_at, beat_at, trouble) VALUES ($1, $2, $3, now(), now(), $4)
ON CONFLICT (id) DO UPDATE SET beat_at = now(), trouble = $4,
  started_at = CASE WHEN worker_beat.beat_at > now() - ${STALE} THEN worker_beat.started_at ELSE now() END`;

/** Read after the beat is committed: of two workers that begin at once, one at least finds the other. */
const STAYS = `
SELECT id = $1 AS "isSelf", ${msAgo("started_at")} AS begun, ${msAgo("ended_at")} AS ended
  FROM (SELECT id, started_at, CASE WHEN beat_at <= now() - ${STALE} THEN beat_at + ${STALE} END AS ended_at FROM worker_beat
        UNION ALL
        SELECT id, started_at, left_at FROM worker_left) stay
 WHERE ended_at IS NULL OR ended_at > now() - make_interval(secs => ${HEARD_MS / 1_000})
 ORDER BY started_at, id`;

const LEAVE = `
WITH gone AS (
  DELETE FROM worker_beat WHERE id = $1 OR beat_at < now() - interval '1 day' RETURNING id, started_at
), forgotten AS (
  DELETE FROM worker_left WHERE left_at < now() - interval '1 day'
)
INSERT INTO worker_left (id, started_at, left_at) SELECT id, started_at, now() FROM gone WHERE id = $1`;

export type BeatOptions = {
  id: string;
  trouble: () => string | null;
  onPlaces: (places: [Place, ...Place[]]) => void;
};

/**
 * Writes a row that says this worker is alive, until the signal; then removes it.
 * @param id the worker's own, of this process alone
 * @param trouble what keeps it from sending, for the operator; null when nothing does
 * @param onPlaces told after each beat where the worker stands among the live ones, as placesAmong tells it. After a beat
 *   that failed or is not over by the next one it is OUTSIDE: what it knows of the others is too old to share with them.
 */
export async function beat(pool: Pool, signal: AbortSignal, { id, trouble, onPlaces }: BeatOptions): Promise<void> {
  let writing: Promise<void> | null = null;
  const write = async () => {
    try {
      await pool.query(BEAT, [id, hostname(), process.pid, trouble()]);
      const { rows } = await pool.query<Stay>(STAYS, [id]);
      onPlaces(placesAmong(rows));
    } catch (err) {
      log.warn({ err }, "heartbeat failed");
      onPlaces([OUTSIDE]);
    } finally {
      writing = null;
    }
  };
  await write();
  const timer = setInterval(() => {
    if (writing) onPlaces([OUTSIDE]);
    else writing = write();
  }, BEAT_MS);
  if (!signal.aborted)
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
  clearInterval(timer);
  // Or it could write the row once more.
  await writing;
  await pool.query(LEAVE, [id]).catch((err: unknown) => log.warn({ err }, "heartbeat could not be removed"));
}
