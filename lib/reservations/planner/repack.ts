import type { Board, Item, OnLane } from "@/lib/reservations/planner/board";
import { type Cost, candidateNodes, choose, nodesOf } from "@/lib/reservations/planner/choose";
import { LaneTable, type LaneView, type Occupied } from "@/lib/reservations/planner/lane-table";
import { levelsOf } from "@/lib/reservations/planner/levels";
import type { Busy, Lane, Move, Want } from "@/lib/reservations/planner/place";

export type Repacked = { units: string[][]; moves: Move[] };

type OnUnit = Occupied & { unitId: string };

/** Trying more nodes than this for a booking on one node has hardly ever helped, and costs time under the pool's lock. */
const NODES_TRIED = 8;
/** So many free lanes are compared for a booking that has to give way; in a large pool there are hundreds. */
const SPOTS_COMPARED = 64;

/**
 * Makes room by moving bookings to other units; null when that is not to be had. Everything keeps its range and its
 * number of units, and what was promised one node stays on one.
 *
 * The ways, from the gentlest: put the want where the fewest are in the way, and find them other free lanes, first those
 * of bookings that merely happen to lie on one node on one node again, then anywhere; give lanes anew to everything movable
 * in order of start, each keeping its own if it can; the same around the want, which is placed first. The second never
 * fails where all that is in the way are movable bookings without a node to keep to and the depth allows it: at the start
 * of each, no more lanes are taken than are there.
 */
export function repack(board: Board, want: Want): Repacked | null {
  if (board.items.length === 0) return null;
  return (
    evict(board, want) ??
    evict(board.loose(), want) ??
    inOrderOfStart(board.loose(), want) ??
    around(board.loose(), want)
  );
}

/** The want goes where it displaces the fewest; those go to whatever lanes are free. Leaves the board as it was. */
function evict({ lanes, table }: Board, want: Want): Repacked | null {
  const cost: Cost = (unitId, { from, to }) =>
    table.overlapping(unitId, from, to).reduce((sum, { item }) => sum + (item?.parts.length ?? 0), 0);
  const withoutMovable: LaneView = {
    isFree: (unitId, from, to) => table.overlapping(unitId, from, to).every(({ item }) => item !== undefined),
    gap: (unitId, from, to) => table.gap(unitId, from, to),
  };
  const places =
    want.topology === "any" ? [lanes] : candidateNodes(lanes, withoutMovable, want, cost).slice(0, NODES_TRIED);
  const mark = table.mark();
  for (const place of places) {
    const units = choose(place, withoutMovable, want, cost);
    if (!units) continue;
    const ranges = rangesOf(units, want);
    const inTheWay = ranges.flatMap(({ unitId, from, to }) =>
      table.overlapping(unitId, from, to).flatMap(({ item }) => item ?? []),
    );
    const displaced = [...new Set(inTheWay)].toSorted(byStart);
    for (const part of displaced.flatMap((item) => item.parts)) table.release(part.unitId, part);
    for (const range of ranges) table.take(range.unitId, range);
    const moves = settle(lanes, table, displaced);
    table.rollback(mark);
    if (moves) return { units, moves };
  }
  return null;
}

/** Everything movable and the want get lanes in order of start. */
function inOrderOfStart({ lanes, busy, items }: Board, want: Want): Repacked | null {
  // What it must keep is no longer a question of order.
  if (want.must && want.must.length > 0) return null;
  const table = tableOf(lanes, fixedOf(busy));
  const waiting = tableOf<Busy>(
    lanes,
    items.flatMap(({ parts }) => parts),
  );
  const units: string[][] = want.segments.map(() => []);
  const moves: Move[] = [];
  const cost: Cost = (unitId, { from, to }) => waiting.overlapping(unitId, from, to).length;
  const wanted =
    want.topology === "single_node"
      ? [{ start: Math.min(...want.segments.map(({ from }) => from)), take: takeWhole }]
      : levelsOf(want.segments).flatMap(({ runs, count }) =>
          runs.map((run) => ({
            start: run.from,
            take: () => takeRun(run.segments, count, run.from, run.to),
          })),
        );
  const queue = [...items.map((item) => ({ start: item.start, item })), ...wanted].toSorted(
    (a, b) => a.start - b.start || sizeOf(b) - sizeOf(a),
  );
  for (const entry of queue) {
    if ("take" in entry) {
      if (!entry.take()) return null;
      continue;
    }
    for (const part of entry.item.parts) waiting.release(part.unitId, part);
    const moved = moveItem(lanes, table, entry.item, cost);
    if (!moved) return null;
    moves.push(...moved);
  }
  return { units, moves };

  function takeWhole(): boolean {
    const found = choose(lanes, table, want, cost);
    for (const [i, ids] of found?.entries() ?? []) units[i]?.push(...ids);
    for (const range of found ? rangesOf(found, want) : []) table.take(range.unitId, range);
    return found !== null;
  }

  function takeRun(segments: readonly number[], count: number, from: number, to: number): boolean {
    // Units of its other runs come first: they are its own already.
    const keep = [...(want.keep ?? []), ...units.flat()];
    const found = choose(lanes, table, { segments: [{ from, to, count }], topology: "any", keep }, cost)?.[0];
    for (const id of found ?? []) {
      table.take(id, { from, to });
      for (const segment of segments) units[segment]?.push(id);
    }
    return found !== undefined;
  }
}

/** The want first, as if nothing could be in its way but what cannot move; everything else around it. */
function around({ lanes, busy, items }: Board, want: Want): Repacked | null {
  const table = tableOf(lanes, fixedOf(busy));
  const mark = table.mark();
  const places = want.topology === "any" ? [lanes] : candidateNodes(lanes, table, want).slice(0, NODES_TRIED);
  for (const place of places) {
    const units = choose(place, table, want);
    if (!units) continue;
    for (const range of rangesOf(units, want)) table.take(range.unitId, range);
    const moves = settle(lanes, table, items.toSorted(byStart));
    if (moves) return { units, moves };
    table.rollback(mark);
  }
  return null;
}

/** Gives each item lanes, its own if they are free; null as soon as one finds none. */
function settle(lanes: readonly Lane[], table: LaneTable<OnLane>, items: readonly Item[]): Move[] | null {
  const waiting = tableOf<Busy>(
    lanes,
    items.flatMap(({ parts }) => parts),
  );
  const cost: Cost = (unitId, { from, to }) => waiting.overlapping(unitId, from, to).length;
  const moves: Move[] = [];
  for (const item of items) {
    for (const part of item.parts) waiting.release(part.unitId, part);
    const moved = moveItem(lanes, table, item, cost);
    if (!moved) return null;
    moves.push(...moved);
  }
  return moves;
}

/** Takes lanes for the item: its own, else those where nobody waits for his own, else any. */
function moveItem(lanes: readonly Lane[], table: LaneTable<OnLane>, item: Item, cost: Cost): Move[] | null {
  if (item.parts.every(({ unitId, from, to }) => table.isFree(unitId, from, to))) {
    for (const { unitId, from, to } of item.parts) table.take(unitId, { from, to });
    return [];
  }
  const own = item.parts[0]?.unitId;
  const places = item.together ? nodesOf(lanes).toSorted((a, b) => Number(has(b, own)) - Number(has(a, own))) : [lanes];
  for (const place of places) {
    const targets = assign(place, table, item.parts, cost);
    if (!targets) continue;
    return item.parts.flatMap(({ allocationId, unitId }, i) => {
      const toUnit = targets[i] ?? unitId;
      return toUnit === unitId ? [] : [{ allocationId, fromUnit: unitId, toUnit }];
    });
  }
  return null;
}

/** Puts every part on a lane of the place and takes it, or leaves all as it was. */
function assign(place: readonly Lane[], table: LaneTable<OnLane>, parts: readonly Busy[], cost: Cost): string[] | null {
  const mark = table.mark();
  const targets: string[] = [];
  for (const { unitId, from, to } of parts) {
    const target = spotFor(place, table, { unitId, from, to }, cost);
    if (target === undefined) {
      table.rollback(mark);
      return null;
    }
    table.take(target, { from, to });
    targets.push(target);
  }
  return targets;
}

/** Its own lane if it is free; of others the one where the fewest wait for it, then the one that fits best. */
function spotFor(
  place: readonly Lane[],
  table: LaneView,
  { unitId, from, to }: OnUnit,
  cost: Cost,
): string | undefined {
  if (has(place, unitId) && table.isFree(unitId, from, to)) return unitId;
  let best: { id: string; cost: number; gap: number } | undefined;
  let seen = 0;
  for (const { id } of place) {
    if (!table.isFree(id, from, to)) continue;
    const found = { id, cost: cost(id, { from, to }), gap: table.gap(id, from, to) };
    if (!best || found.cost < best.cost || (found.cost === best.cost && found.gap < best.gap)) best = found;
    seen += 1;
    if (seen >= SPOTS_COMPARED && best.cost === 0) break;
  }
  return best?.id;
}

/** What the want blocks on its units: per unit and run, without overlap. */
function rangesOf(units: readonly string[][], want: Want): OnUnit[] {
  const ranges = new Map<string, OnUnit[]>();
  want.segments.forEach(({ from, to }, i) => {
    for (const unitId of units[i] ?? []) {
      const own = ranges.get(unitId) ?? [];
      const last = own.at(-1);
      if (last && from <= last.to) last.to = Math.max(last.to, to);
      else own.push({ unitId, from, to });
      ranges.set(unitId, own);
    }
  });
  return [...ranges.values()].flat();
}

function fixedOf(busy: readonly Busy[]): OnUnit[] {
  return busy.filter(({ movable }) => !movable).map(({ unitId, from, to }) => ({ unitId, from, to }));
}

function tableOf<T extends Occupied = OnLane>(
  lanes: readonly Lane[],
  items: readonly (T & { unitId: string })[],
): LaneTable<T> {
  return new LaneTable<T>(lanes.map(({ id }) => id)).fill(items);
}

function byStart(a: Item, b: Item): number {
  return a.start - b.start || b.parts.length - a.parts.length;
}

function sizeOf(entry: { item: Item } | { take: unknown }): number {
  return "item" in entry ? entry.item.parts.length : Number.MAX_SAFE_INTEGER;
}

function has(node: readonly Lane[], unitId: string | undefined): boolean {
  return node.some(({ id }) => id === unitId);
}
