import type { WantSegment } from "@/lib/reservations/planner/place";

type Range = { from: number; to: number };

/**
 * How the depth (blocked units at a moment) leaves room for a want.
 * @returns `spare`: what stays free at the worst moment when the want is there, negative when it does not fit;
 *   `least`: the fewest GPUs that are free at any moment of the want, not below 0
 */
export function freeThroughout(
  sellable: number,
  busy: readonly Range[],
  segments: readonly WantSegment[],
): { spare: number; least: number } {
  const from = Math.min(...segments.map((segment) => segment.from));
  const to = Math.max(...segments.map((segment) => segment.to));
  const changes: { at: number; by: number }[] = [];
  for (const range of busy) {
    if (range.to <= from || range.from >= to) continue;
    changes.push({ at: Math.max(range.from, from), by: 1 }, { at: Math.min(range.to, to), by: -1 });
  }
  // The depth changes at none of these, but the want does.
  for (const segment of segments) changes.push({ at: segment.from, by: 0 }, { at: segment.to, by: 0 });
  changes.sort((a, b) => a.at - b.at);

  let depth = 0;
  let spare = Number.POSITIVE_INFINITY;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < changes.length; i += 1) {
    const { at, by } = changes[i] ?? { at: 0, by: 0 };
    depth += by;
    if (changes[i + 1]?.at === at || at >= to) continue;
    const wanted = wantedAt(segments, at);
    if (wanted === 0) continue;
    spare = Math.min(spare, sellable - depth - wanted);
    least = Math.min(least, sellable - depth);
  }
  return { spare, least: Math.max(0, least) };
}

/** Buffers of neighbouring segments overlap on the same units, so the greater counts, not the sum. */
function wantedAt(segments: readonly WantSegment[], at: number): number {
  return segments.reduce((most, { from, to, count }) => (from <= at && at < to ? Math.max(most, count) : most), 0);
}
