import { setTimeout as sleep } from "node:timers/promises";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { asTheOnlyOne } from "@/lib/db/only-one";
import { untilDue } from "@/lib/db/until-due";
import { detectFailures, type RoundOptions } from "@/lib/failover/detect";
import { finishDrills } from "@/lib/failover/drill-end";
import { guarded } from "@/lib/failover/guarded";
import { healReservation, keepOutOfUse, moveUpcoming } from "@/lib/failover/heal";
import { closeRecovered } from "@/lib/failover/recover";
import { readBookingPolicy } from "@/lib/fleet/policy";
import { log } from "@/lib/log";

/** Milliseconds at least between two looks. */
const PAUSE_MS = 1_500;

/** SQL: whether there is anything that can fail, has failed, or is being healed. Drills take place where nothing runs, too. */
export const SOMETHING_AT_STAKE = `(EXISTS (SELECT FROM instance WHERE ended_at IS NULL)
  OR EXISTS (SELECT FROM drill WHERE status = 'running')
  OR EXISTS (SELECT FROM failover WHERE status = 'recovering')
  OR EXISTS (SELECT FROM unit WHERE health = 'failed' AND retired_at IS NULL))`;

/** What stands where nothing could be moved is tried again after so long, in ms, or once something changed in its pool. */
const AGAIN_MS = 60_000;

const HOUR_MS = 3_600_000;

/** Per pool how it was when it was looked through last. */
const lookedThrough = new Map<string, { version: bigint; at: number }>();

/**
 * Keeps what was promised until the signal: finds failures, gives what is struck another place, sees it run, credits what
 * was lost, ends drills. One worker at a time does it; another goes on when that one dies, from what is in the database.
 */
export async function runFailovers(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await asTheOnlyOne("failovers", () => failoverRound());
    } catch (err) {
      log.error({ err }, "a look for failures failed");
    }
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
    await untilDue(SOMETHING_AT_STAKE, signal);
  }
}

/** One look. Safe beside itself: each change looks again under its locks. @returns how many failovers began or ended */
export async function failoverRound(options: RoundOptions = {}): Promise<number> {
  await detectFailures(options);
  const now = options.now ?? (await databaseNow(db));
  let done = 0;
  for (const id of await struckReservations(now)) {
    done += await guarded(() => healReservation(id, options), 0, { reservation: id });
  }
  for (const pool of await poolsWithFailures()) {
    await guarded(() => lookThrough(pool, now, options), undefined, { pool: pool.id });
  }
  done += await closeRecovered(options);
  await finishDrills(options);
  return done;
}

/** Reservations that have begun and lie on units that failed, those that began first. */
async function struckReservations(now: Date): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT r.id FROM reservation r
     WHERE r.status = 'active' AND r.ends_at > ${now} AND EXISTS (
       SELECT 1 FROM allocation a JOIN unit u ON u.id = a.unit_id
        WHERE a.reservation_id = r.id AND a.starts_at <= ${now} AND a.ends_at > ${now}
          AND u.health = 'failed' AND u.retired_at IS NULL AND u.pool_id = r.pool_id)
     ORDER BY r.starts_at, r.id`;
  return rows.map(({ id }) => id);
}

type FailedPool = { id: string; usage_version: bigint };

function poolsWithFailures(): Promise<FailedPool[]> {
  return db.$queryRaw<FailedPool[]>`
    SELECT p.id, p.usage_version FROM pool p
     WHERE EXISTS (SELECT 1 FROM unit u WHERE u.pool_id = p.id AND u.health = 'failed' AND u.retired_at IS NULL)
     ORDER BY p.id`;
}

/** Bookings on failed units that begin within the healing window move; then nothing of those units is left to be sold. */
async function lookThrough({ id: poolId, usage_version }: FailedPool, now: Date, options: RoundOptions): Promise<void> {
  const last = lookedThrough.get(poolId);
  if (options.now === undefined && last?.version === usage_version && performance.now() - last.at < AGAIN_MS) return;
  const { sla } = await readBookingPolicy();
  const until = new Date(now.getTime() + sla.healing_hours * HOUR_MS);
  const upcoming = await db.$queryRaw<{ id: string }[]>`
    SELECT r.id FROM reservation r
     WHERE r.pool_id = ${poolId} AND r.status IN ('held', 'confirmed') AND r.starts_at < ${until} AND EXISTS (
       SELECT 1 FROM allocation a JOIN unit u ON u.id = a.unit_id
        WHERE a.reservation_id = r.id AND u.health = 'failed' AND u.retired_at IS NULL)
     ORDER BY r.starts_at, r.id`;
  for (const { id } of upcoming) {
    await guarded(() => moveUpcoming(poolId, id, options), false, { reservation: id });
  }
  await keepOutOfUse(poolId, options);
  const after = await db.pool.findUnique({ where: { id: poolId }, select: { usageVersion: true } });
  lookedThrough.set(poolId, { version: after?.usageVersion ?? 0n, at: performance.now() });
}
