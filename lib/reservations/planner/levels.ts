import type { WantSegment } from "@/lib/reservations/planner/place";

/** A stretch in which one GPU is wanted without a break, and the segments that it serves. */
export type Run = { from: number; to: number; segments: number[] };

/** So many GPUs, each wanted for the same runs. */
export type Level = { runs: Run[]; count: number };

/**
 * The want seen GPU by GPU: the first is wanted whenever any is, the last only when all are. Where segments touch (or
 * their buffers overlap) a GPU stays the same, so that nobody has to move at noon. Every level is wanted at no time at
 * which the one before it is not: a lane that suits one suits those after it.
 */
export function levelsOf(segments: readonly WantSegment[]): Level[] {
  const steps = [...new Set(segments.map(({ count }) => count))].toSorted((a, b) => a - b);
  return steps.map((step, i) => ({ count: step - (steps[i - 1] ?? 0), runs: runsOf(segments, step) }));
}

function runsOf(segments: readonly WantSegment[], least: number): Run[] {
  const runs: Run[] = [];
  segments.forEach(({ from, to, count }, index) => {
    if (count < least) return;
    const last = runs.at(-1);
    if (last && from <= last.to) {
      last.to = Math.max(last.to, to);
      last.segments.push(index);
    } else {
      runs.push({ from, to, segments: [index] });
    }
  });
  return runs;
}
