import type { LaneTable } from "@/lib/reservations/planner/lane-table";
import type { Lane, Want, WantSegment } from "@/lib/reservations/planner/place";

/** Units per segment, or null when nothing fits without moving anything. */
export function choose(lanes: readonly Lane[], table: LaneTable, want: Want): string[][] | null {
  return want.topology === "single_node" ? chooseNode(lanes, table, want) : chooseLanes(lanes, table, want);
}

/** The node on which the fewest units stay free, so that emptier ones stay whole; those it has already come first. */
function chooseNode(lanes: readonly Lane[], table: LaneTable, want: Want): string[][] | null {
  const own = new Set([...(want.must ?? []), ...(want.keep ?? [])]);
  let best: { units: string[][]; own: number; leftover: number } | null = null;
  for (const node of nodesOf(lanes)) {
    if (want.must?.some((id) => !node.some((lane) => lane.id === id))) continue;
    const leftover = Math.min(
      ...want.segments.map(({ from, to, count }) => {
        return node.filter(({ id }) => table.isFree(id, from, to)).length - count;
      }),
    );
    if (leftover < 0) continue;
    const kept = node.filter(({ id }) => own.has(id)).length;
    if (best && (best.own > kept || (best.own === kept && best.leftover <= leftover))) continue;
    const units = chooseLanes(node, table, want);
    if (units) best = { units, own: kept, leftover };
  }
  return best?.units ?? null;
}

/**
 * Per segment the free lanes that fit best: its own, those of its other segments (nobody likes to move at noon), those
 * with the shortest gap beside it, those of the fullest nodes.
 */
function chooseLanes(lanes: readonly Lane[], table: LaneTable, want: Want): string[][] | null {
  const must = new Set(want.must);
  const keep = new Set(want.keep);
  const chosen = new Set<string>();
  const bySize = want.segments.map((segment, index) => ({ segment, index })).toSorted(bySizeThenTime);
  const units: string[][] = want.segments.map(() => []);
  for (const { segment, index } of bySize) {
    const free = lanes.filter(({ id }) => table.isFree(id, segment.from, segment.to));
    const roomOf = countBy(free, ({ nodeId }) => nodeId);
    const ranked = free
      .map((lane, order) => ({
        id: lane.id,
        order,
        rank: [
          must.has(lane.id) ? 0 : 1,
          keep.has(lane.id) ? 0 : 1,
          chosen.has(lane.id) ? 0 : 1,
          want.segments.filter(({ from, to }) => !table.isFree(lane.id, from, to)).length,
          table.gap(lane.id, segment.from, segment.to),
          roomOf.get(lane.nodeId) ?? 0,
        ],
      }))
      .toSorted((a, b) => compare(a.rank, b.rank) || a.order - b.order)
      .slice(0, segment.count)
      .map(({ id }) => id);
    if (ranked.length < segment.count) return null;
    if (ranked.filter((id) => must.has(id)).length < Math.min(must.size, segment.count)) return null;
    for (const id of ranked) chosen.add(id);
    units[index] = ranked;
  }
  return units;
}

/** The lanes of each node, in the order given. */
export function nodesOf(lanes: readonly Lane[]): Lane[][] {
  const nodes = new Map<string, Lane[]>();
  for (const lane of lanes) {
    const node = nodes.get(lane.nodeId);
    if (node) node.push(lane);
    else nodes.set(lane.nodeId, [lane]);
  }
  return [...nodes.values()];
}

type Indexed = { segment: WantSegment; index: number };

/** The largest first: what it gets holds the smaller ones too. */
function bySizeThenTime(a: Indexed, b: Indexed): number {
  return b.segment.count - a.segment.count || a.index - b.index;
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (let i = 0; i < a.length; i += 1) {
    const [x, y] = [a[i] ?? 0, b[i] ?? 0];
    if (x !== y) return x < y ? -1 : 1;
  }
  return 0;
}
