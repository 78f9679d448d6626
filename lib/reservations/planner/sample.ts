import { type Board, boardOf } from "@/lib/reservations/planner/board";
import { nodesOf } from "@/lib/reservations/planner/choose";
import type { Lane, Want } from "@/lib/reservations/planner/place";

/** Enough that what fits somewhere in a large pool mostly fits here too, and few enough to read in a moment. */
const LANES = 128;
/** Of a pool not much larger than that everything is read as quickly. */
const WORTH_IT = 2;
/** A want for more than this part of it is looked for everywhere at once. */
const SHARE_WANTED = 8;

/**
 * Whole nodes from all over a large pool, always the same ones; null where there are not many more lanes than that. What
 * fits here, if others here move, fits in the pool. No says nothing.
 */
export function sampleOf(lanes: readonly Lane[]): Lane[] | null {
  if (lanes.length <= LANES * WORTH_IT) return null;
  const nodes = nodesOf(lanes);
  const count = Math.max(1, Math.floor((LANES * nodes.length) / lanes.length));
  // Not every so-many-th: nodes are often named and filled in twos and fours.
  return Array.from({ length: count }, (_, i) => nodes[Math.floor((i * nodes.length) / count)] ?? []).flat();
}

/** Whether the want is small enough to be looked for among so few. */
export function suitsSample(sample: readonly Lane[], { segments }: Want): boolean {
  return segments.every(({ count }) => count * SHARE_WANTED <= sample.length);
}

/** The part of the board on which a want may be tried by itself. */
export function sampleBoard(board: Board, want: Want): Board | null {
  const sample = sampleOf(board.lanes);
  if (!sample || !suitsSample(sample, want)) return null;
  const ids = new Set(sample.map(({ id }) => id));
  return boardOf(
    sample,
    board.busy.filter(({ unitId }) => ids.has(unitId)),
    { together: true },
  );
}
