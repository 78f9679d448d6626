import type { Availability } from "@/lib/contracts/availability";
import type { BookingPolicy } from "@/lib/contracts/booking-policy";
import { ceilTo, checkBooking, floorTo, gridMs } from "@/lib/contracts/booking-rules";
import { addLoads, minFree } from "@/lib/contracts/capacity-profile";
import type { Pool } from "@/lib/contracts/fleet";
import { priceOf } from "@/lib/contracts/pricing";
import { type Booked, changedPrice, isOnlyLess, segmentOf } from "../changed-price";

/** What is being dragged: times in Unix ms, already on the pool's grid. */
export type Candidate = {
  pool: Pool;
  gpuCount: number;
  from: number;
  to: number;
  /** The booking as it is, when one is moved or resized. */
  own?: Own | undefined;
};

export type Own = {
  from: number;
  to: number;
  hasBegun: boolean;
  /** Once it has been read: what its price follows from. */
  booked?: Booked | undefined;
};

export type Verdict = {
  hours: number;
  /** null when its times are wrong, or while the booking that is changed is still being read. */
  totalMicros: number | null;
  /** What a change adds to the price, or takes from it. */
  changeMicros: number | null;
  /** GPUs that are missing at the fullest moment; 0: there is room. null: beyond what is known. */
  missing: number | null;
  /** Why it cannot be booked, whatever is free. */
  problem: string | null;
};

const MINUTE = 60_000;
const HOUR = 3_600_000;

/**
 * What would become of a booking, by the very rules by which the server decides: times, room and price. It knows nothing
 * of machines, so that the server may still say that the GPUs are not on one.
 */
export function judge(
  candidate: Candidate,
  availability: Availability | undefined,
  policy: Pick<BookingPolicy, "discount">,
  now: Date,
): Verdict {
  const { pool, gpuCount, from, to, own } = candidate;
  const wanted = { poolId: pool.id, gpuCount, from, to };
  const segments = [segmentOf(wanted)];
  const hours = (to - from) / HOUR;
  const open = pool.open || (own !== undefined && isOnlyLess(wanted, { ...wanted, from: own.from, to: own.to }));
  const options = { startFixed: own?.hasBegun === true && own.from === from };
  const [error] = checkBooking({ ...pool, open }, segments, now, options);
  if (error !== undefined) {
    return { hours, totalMicros: null, changeMicros: null, missing: null, problem: error.message };
  }
  const missing = missingGpus(candidate, availability);
  const rateMicros = pool.price_micros_per_gpu_hour;
  if (own === undefined) {
    const { total_micros } = priceOf({ segments, rateMicros, policy, bookedAt: now });
    return { hours, totalMicros: total_micros, changeMicros: null, missing, problem: null };
  }
  if (own.booked === undefined) return { hours, totalMicros: null, changeMicros: null, missing, problem: null };
  const { total_micros } = changedPrice(own.booked, wanted, { rateMicros, policy, now });
  const changeMicros = total_micros - own.booked.price.total_micros;
  return { hours, totalMicros: total_micros, changeMicros, missing, problem: null };
}

function missingGpus({ pool, gpuCount, from, to, own }: Candidate, availability: Availability | undefined) {
  const profile = availability?.pools.find(({ pool_id }) => pool_id === pool.id);
  const start = profile?.at[0];
  const before = pool.buffer_before_minutes * MINUTE;
  const after = pool.buffer_after_minutes * MINUTE;
  if (availability === undefined || profile === undefined || start === undefined) return null;
  if (to + after > Date.parse(availability.to)) return null;
  const loads = own === undefined ? [] : [{ from: own.from - before, to: own.to + after, count: gpuCount }];
  // What lies before the profile's beginning is past, and needs no room any more.
  const least = minFree(addLoads(profile, loads), Math.max(from - before, start), to + after);
  return Math.max(0, gpuCount - least);
}

/**
 * The pool in which a stretch that was drawn on free time is booked: the cheapest in which all of it can be, else the
 * cheapest that takes bookings. undefined: there is none.
 */
export function choosePool(
  pools: readonly Pool[],
  { gpuCount, from, to }: { gpuCount: number; from: number; to: number },
  availability: Availability | undefined,
  policy: Pick<BookingPolicy, "discount">,
  now: Date,
): Pool | undefined {
  const open = pools
    .filter((pool) => pool.open)
    .toSorted((a, b) => a.price_micros_per_gpu_hour - b.price_micros_per_gpu_hour || (a.name < b.name ? -1 : 1));
  const fits = (pool: Pool) => {
    const { problem, missing } = judge(
      { pool, gpuCount, ...timesFrom(pool, from, to, now) },
      availability,
      policy,
      now,
    );
    return problem === null && missing === 0;
  };
  return open.find(fits) ?? open[0];
}

/** A moment on the pool's grid: the nearest one. */
export function snap(pool: Pick<Pool, "granularity_minutes">, ms: number): number {
  const grid = gridMs(pool);
  return floorTo(ms + grid / 2, grid);
}

/** The times of a new booking: what is drawn over the present begins with the next time that the pool takes. */
export function timesFrom(
  pool: Pick<Pool, "granularity_minutes">,
  from: number,
  to: number,
  now: Date,
): { from: number; to: number } {
  const isUnderWay = from < now.getTime() && to > now.getTime();
  return snapRange(pool, isUnderWay ? ceilTo(now.getTime(), gridMs(pool)) : from, to);
}

/** Times on the grid that cover what was dragged, at least one step long. */
export function snapRange(
  pool: Pick<Pool, "granularity_minutes">,
  from: number,
  to: number,
): { from: number; to: number } {
  const start = snap(pool, from);
  return { from: start, to: Math.max(snap(pool, to), start + gridMs(pool)) };
}
