import type { Topology } from "@/lib/contracts/availability";
import type { LaneView, Occupied } from "@/lib/reservations/planner/lane-table";
import { type Level, levelsOf, type Run } from "@/lib/reservations/planner/levels";
import type { Lane, Want, WantSegment } from "@/lib/reservations/planner/place";

/** How much a lane is disliked for a run, beside how well it fits: what would have to give way there. */
export type Cost = (unitId: string, run: Occupied) => number;

const FREE_OF_COST: Cost = () => 0;

/**
 * Units per segment that are free in the table, or null when there are not enough.
 * @param cost the cheapest come before the best fitting
 */
export function choose(lanes: readonly Lane[], table: LaneView, want: Want, cost = FREE_OF_COST): string[][] | null {
  if (want.topology === "any") return chooseLanes(lanes, table, want, cost);
  for (const node of candidateNodes(lanes, table, want, cost)) {
    const units = chooseLanes(node, table, want, cost);
    if (units) return units;
  }
  return null;
}

/** Whether so many lanes, of one node if it has to be, are free throughout: as `choose` finds, without choosing. */
export function hasFreeLanes(
  lanes: readonly Lane[],
  table: LaneView,
  { from, to, count }: WantSegment,
  topology: Topology,
): boolean {
  const onNode = new Map<string, number>();
  for (const { id, nodeId } of lanes) {
    if (!table.isFree(id, from, to)) continue;
    const place = topology === "single_node" ? nodeId : "";
    const free = (onNode.get(place) ?? 0) + 1;
    if (free >= count) return true;
    onNode.set(place, free);
  }
  return false;
}

/**
 * The nodes that may have room for the whole want: those where it is already first, then the cheapest, then those on
 * which the fewest units would stay free, so that emptier ones stay whole.
 */
export function candidateNodes(
  lanes: readonly Lane[],
  table: LaneView,
  want: Want,
  cost: Cost = FREE_OF_COST,
): Lane[][] {
  const own = new Set([...(want.must ?? []), ...(want.keep ?? [])]);
  const most = Math.max(...want.segments.map(({ count }) => count));
  return nodesOf(lanes)
    .filter((node) => node.length >= most)
    .filter((node) => want.must?.every((id) => node.some((lane) => lane.id === id)) ?? true)
    .map((node) => ({ node, rooms: want.segments.map((segment) => roomOf(node, table, segment, cost)) }))
    .filter(({ rooms }) => rooms.every(({ leftover }) => leftover >= 0))
    .map(({ node, rooms }) => ({
      node,
      rank: [
        -node.filter(({ id }) => own.has(id)).length,
        rooms.reduce((sum, room) => sum + room.cost, 0),
        Math.min(...rooms.map(({ leftover }) => leftover)),
      ],
    }))
    .toSorted((a, b) => compare(a.rank, b.rank))
    .map(({ node }) => node);
}

function roomOf(node: Lane[], table: LaneView, segment: Want["segments"][number], cost: Cost) {
  const costs = node
    .filter(({ id }) => table.isFree(id, segment.from, segment.to))
    .map(({ id }) => cost(id, segment))
    .toSorted((a, b) => a - b);
  return {
    leftover: costs.length - segment.count,
    cost: costs.slice(0, segment.count).reduce((sum, one) => sum + one, 0),
  };
}

/**
 * Per level the lanes that are free in all its runs and fit best; where a level has a break and too few lanes are free
 * on both sides of it, each run by itself.
 */
function chooseLanes(lanes: readonly Lane[], table: LaneView, want: Want, cost: Cost): string[][] | null {
  const units: string[][] = want.segments.map(() => []);
  const taken = new Map<string, Run[]>();
  const isOpen = (id: string, run: Run) =>
    table.isFree(id, run.from, run.to) && !taken.get(id)?.some(({ from, to }) => from < run.to && run.from < to);
  const assign = (id: string, runs: readonly Run[]) => {
    taken.set(id, [...(taken.get(id) ?? []), ...runs]);
    for (const run of runs) for (const segment of run.segments) units[segment]?.push(id);
  };
  for (const { runs, count } of levelsOf(want.segments)) {
    const whole = rank({ runs, count });
    for (const id of whole) assign(id, runs);
    if (whole.length === count) continue;
    if (runs.length === 1) return null;
    for (const run of runs) {
      const parts = rank({ runs: [run], count: count - whole.length });
      if (parts.length + whole.length < count) return null;
      for (const id of parts) assign(id, [run]);
    }
  }
  return keepsWhatItMust(want, units) ? units : null;

  function rank({ runs, count }: Level): string[] {
    const must = new Set(want.must);
    const keep = new Set(want.keep);
    const open = lanes.filter(({ id }) => runs.every((run) => isOpen(id, run)));
    const onNode = countBy(open, ({ nodeId }) => nodeId);
    const ranked: Ranked[] = [];
    for (const [order, { id, nodeId }] of open.entries()) {
      const first = [must.has(id) ? 0 : 1, keep.has(id) ? 0 : 1, runs.reduce((sum, run) => sum + cost(id, run), 0)];
      // Most are out of the question by these alone.
      const worst = ranked[count - 1];
      if (worst && compare(first, worst.rank) > 0) continue;
      insert(ranked, count, {
        id,
        rank: [
          ...first,
          taken.has(id) ? 0 : 1,
          runs.reduce((least, { from, to }) => Math.min(least, table.gap(id, from, to)), Number.POSITIVE_INFINITY),
          onNode.get(nodeId) ?? 0,
          order,
        ],
      });
    }
    return ranked.map(({ id }) => id);
  }
}

type Ranked = { id: string; rank: number[] };

/** Keeps the `most` lowest, in order: far fewer are wanted than there are. */
function insert(ranked: Ranked[], most: number, item: Ranked): void {
  let low = 0;
  let high = ranked.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(ranked[middle]?.rank ?? [], item.rank) <= 0) low = middle + 1;
    else high = middle;
  }
  if (low >= most) return;
  ranked.splice(low, 0, item);
  if (ranked.length > most) ranked.pop();
}

function keepsWhatItMust({ must = [], segments }: Want, units: readonly string[][]): boolean {
  return segments.every(({ count }, i) => {
    return (units[i] ?? []).filter((id) => must.includes(id)).length >= Math.min(must.length, count);
  });
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
