import type { WantSegment } from "@/lib/reservations/planner/place";

type Range = { from: number; to: number };

/** When units begin and cease to be blocked, each in order: what the depth at any moment follows from. */
export type DepthChanges = { begins: Float64Array; ends: Float64Array };

export function depthChangesOf(busy: readonly Range[]): DepthChanges {
  return { begins: sorted(busy.map(({ from }) => from)), ends: sorted(busy.map(({ to }) => to)) };
}

/**
 * How the depth (blocked units at a moment) leaves room for a want.
 * @returns `spare`: what stays free at the worst moment when the want is there, negative when it does not fit;
 *   `least`: the fewest GPUs that are free at any moment of the want, not below 0
 */
export function freeThroughout(
  sellable: number,
  { begins, ends }: DepthChanges,
  segments: readonly WantSegment[],
): { spare: number; least: number } {
  const from = Math.min(...segments.map((segment) => segment.from));
  const to = Math.max(...segments.map((segment) => segment.to));
  // The depth changes at none of these, but the want does.
  const bounds = sorted(segments.flatMap((segment) => [segment.from, segment.to]));

  let [begun, ended, passed] = [countUpTo(begins, from), countUpTo(ends, from), 0];
  let spare = Number.POSITIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  for (let at = from; at < to; at = Math.min(begins[begun] ?? to, ends[ended] ?? to, bounds[passed] ?? to)) {
    while (begins[begun] === at) begun += 1;
    while (ends[ended] === at) ended += 1;
    while (bounds[passed] === at) passed += 1;
    const wanted = wantedAt(segments, at);
    if (wanted === 0) continue;
    const free = sellable - (begun - ended);
    spare = Math.min(spare, free - wanted);
    least = Math.min(least, free);
  }
  return { spare, least: Math.max(0, least) };
}

/** There are thousands, and numbers alone sort far quicker than what they belong to. */
function sorted(times: readonly number[]): Float64Array {
  return Float64Array.from(times).sort();
}

/** How many of the rising times are not after this one. */
function countUpTo(times: Float64Array, at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Buffers of neighbouring segments overlap on the same units, so the greater counts, not the sum. */
function wantedAt(segments: readonly WantSegment[], at: number): number {
  return segments.reduce((most, { from, to, count }) => (from <= at && at < to ? Math.max(most, count) : most), 0);
}
