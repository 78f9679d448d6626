import type { AvailabilityProfile } from "@/lib/contracts/availability";

/**
 * A step function of free GPUs: `free[i]` from `at[i]` until `at[i + 1]`, the last without end. `at` rises strictly, is
 * in Unix milliseconds, and before `at[0]` nothing is known, so nothing is free.
 */
export type Profile = Pick<AvailabilityProfile, "capacity" | "at" | "free">;

/** So many GPUs from a time to another, half-open, in Unix milliseconds, with the pool's buffers. */
export type Load = { from: number; to: number; count: number };

/** The least that is free at any moment of [from, to). */
export function minFree(profile: Profile, from: number, to: number): number {
  if (from < (profile.at[0] ?? Number.POSITIVE_INFINITY)) return 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = indexAt(profile, from); i < profile.at.length && (profile.at[i] ?? 0) < to; i += 1) {
    least = Math.min(least, profile.free[i] ?? 0);
  }
  return least;
}

export type Fit = {
  count: number;
  durationMs: number;
  notBefore: number;
  /** The latest end. */
  finishBy: number;
  /** Starts are multiples of this. */
  stepMs: number;
  /** What the pool blocks before the start and after the end. */
  bufferBeforeMs?: number;
  bufferAfterMs?: number;
};

/**
 * The earliest start that fits, or null. Only `notBefore` and the ends of stretches without room can be the earliest, so
 * one pass is enough.
 */
export function firstFit(profile: Profile, fit: Fit): number | null {
  for (const start of fits(profile, fit)) return start;
  return null;
}

/**
 * Every start that could be the earliest of its kind: the first one of each stretch with room for the whole duration, in
 * order of time.
 */
export function* fits(
  profile: Profile,
  { count, durationMs, notBefore, finishBy, stepMs, bufferBeforeMs = 0, bufferAfterMs = 0 }: Fit,
): Generator<number> {
  for (const run of runsWithRoom(profile, count)) {
    const start = Math.ceil(Math.max(run.from + bufferBeforeMs, notBefore) / stepMs) * stepMs;
    if (start + durationMs > finishBy) return;
    if (start + durationMs + bufferAfterMs <= run.to) yield start;
  }
}

/** The stretches in which at least `count` are free throughout, in order; the last may have no end (Infinity). */
export function* runsWithRoom(profile: Profile, count: number): Generator<{ from: number; to: number }> {
  let from: number | null = null;
  for (let i = 0; i < profile.at.length; i += 1) {
    const at = profile.at[i] ?? 0;
    const room = (profile.free[i] ?? 0) >= count;
    if (room && from === null) from = at;
    if (!room && from !== null) {
      yield { from, to: at };
      from = null;
    }
  }
  if (from !== null) yield { from, to: Number.POSITIVE_INFINITY };
}

/** The profile with these taken out of it: a booking that is being dragged is first added back, then taken elsewhere. */
export function subtractLoads(profile: Profile, loads: readonly Load[]): Profile {
  return shift(profile, loads, -1);
}

/** The profile as if these were not there. */
export function addLoads(profile: Profile, loads: readonly Load[]): Profile {
  return shift(profile, loads, 1);
}

/** Whether all of these fit at once. */
export function hasRoom(profile: Profile, loads: readonly Load[]): boolean {
  const after = subtractLoads(profile, loads);
  return loads.every(({ from, to }) => minFree(after, from, to) >= 0);
}

function shift(profile: Profile, loads: readonly Load[], sign: 1 | -1): Profile {
  const start = profile.at[0];
  if (start === undefined) return profile;
  const deltas = new Map<number, number>();
  const change = (at: number, by: number) => deltas.set(at, (deltas.get(at) ?? 0) + by);
  for (const { from, to, count } of loads) {
    if (to <= Math.max(from, start)) continue;
    change(Math.max(from, start), sign * count);
    change(to, -sign * count);
  }
  const at = [...new Set([...profile.at, ...deltas.keys()])].toSorted((a, b) => a - b);
  const free: number[] = [];
  let base = 0;
  let extra = 0;
  let i = -1;
  for (const time of at) {
    while (profile.at[i + 1] !== undefined && (profile.at[i + 1] ?? 0) <= time) i += 1;
    base = profile.free[i] ?? 0;
    extra += deltas.get(time) ?? 0;
    free.push(base + extra);
  }
  return { capacity: profile.capacity, at, free };
}

/** The index of the step in which the time lies; -1 before the first. */
function indexAt({ at }: Profile, time: number): number {
  let low = 0;
  let high = at.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((at[middle] ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
