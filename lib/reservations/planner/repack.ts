import { type Cost, candidateNodes, choose, nodesOf } from "@/lib/reservations/planner/choose";
import { LaneTable } from "@/lib/reservations/planner/lane-table";
import { levelsOf } from "@/lib/reservations/planner/levels";
import type { Busy, Lane, Move, Want } from "@/lib/reservations/planner/place";

export type Repacked = { units: string[][]; moves: Move[] };

/** What moves as one: a single allocation, or all those of a reservation that has to stay on one node. */
type Item = { parts: Busy[]; together: boolean; start: number };

type OnUnit = { unitId: string; from: number; to: number };

/** Trying more nodes than this for a booking on one node has hardly ever helped, and costs time under the pool's lock. */
const NODES_TRIED = 16;

/**
 * Makes room by moving bookings to other units; null when that is not to be had. Everything keeps its range and its
 * number of units, and what was promised one node stays on one. Bookings that merely happen to lie on one node stay so
 * too, if that is possible.
 *
 * The ways, from the gentlest: put the want where the fewest are in the way, and find them other free lanes; give lanes
 * anew to everything movable in order of start, each keeping its own if it can; the same around the want, which is
 * placed first. The second never fails where all that is in the way are movable bookings without a node to keep to and
 * the depth allows it: at the start of each, no more lanes are taken than are there.
 */
export function repack(lanes: readonly Lane[], busy: readonly Busy[], want: Want): Repacked | null {
  const fixed = busy.filter(({ movable }) => !movable);
  const inService = new Set(lanes.map(({ id }) => id));
  const movable = busy.filter((item) => item.movable && inService.has(item.unitId));
  if (movable.length === 0) return null;
  for (const togetherWherePossible of [true, false]) {
    const items = itemsOf(lanes, movable, togetherWherePossible);
    const found =
      evict(lanes, fixed, items, want) ??
      inOrderOfStart(lanes, fixed, items, want) ??
      around(lanes, fixed, items, want);
    if (found) return found;
    if (items.length === movable.length) return null;
  }
  return null;
}

function itemsOf(lanes: readonly Lane[], movable: readonly Busy[], togetherWherePossible: boolean): Item[] {
  const nodeOf = new Map(lanes.map(({ id, nodeId }) => [id, nodeId]));
  const groups = new Map<string, Busy[]>();
  for (const busy of movable) {
    const key = busy.reservationId ?? busy.allocationId;
    const group = groups.get(key);
    if (group) group.push(busy);
    else groups.set(key, [busy]);
  }
  return [...groups.values()].flatMap((parts): Item[] => {
    const onOneNode = new Set(parts.map(({ unitId }) => nodeOf.get(unitId))).size === 1;
    const together = parts.some(({ singleNode }) => singleNode) || (togetherWherePossible && onOneNode);
    if (together && parts.length > 1) return [{ parts, together, start: Math.min(...parts.map(({ from }) => from)) }];
    return parts.map((part) => ({ parts: [part], together: false, start: part.from }));
  });
}

/** The want goes where it displaces the fewest; those go to whatever lanes are free. */
function evict(lanes: readonly Lane[], fixed: readonly Busy[], items: readonly Item[], want: Want): Repacked | null {
  const itemOf = new Map(items.flatMap((item) => item.parts.map((part) => [part.allocationId, item] as const)));
  const parts = items.flatMap((item) => item.parts);
  const fixedTable = tableOf(lanes, fixed);
  const movableTable = new LaneTable<Busy>(lanes.map(({ id }) => id)).fill(parts);
  const table = tableOf(lanes, [...fixed, ...parts]);
  const inTheWay = ({ unitId, from, to }: OnUnit) =>
    movableTable.overlapping(unitId, from, to).flatMap(({ allocationId }) => itemOf.get(allocationId) ?? []);
  const cost: Cost = (unitId, run) => inTheWay({ unitId, ...run }).reduce((sum, item) => sum + item.parts.length, 0);
  const places =
    want.topology === "any" ? [lanes] : candidateNodes(lanes, fixedTable, want, cost).slice(0, NODES_TRIED);
  for (const place of places) {
    const units = choose(place, fixedTable, want, cost);
    if (!units) continue;
    const ranges = rangesOf(units, want);
    const displaced = [...new Set(ranges.flatMap(inTheWay))].toSorted(byStart);
    for (const part of displaced.flatMap((item) => item.parts)) table.release(part.unitId, part);
    for (const range of ranges) table.take(range.unitId, range);
    const moves = settle(lanes, table, displaced);
    if (moves) return { units, moves };
    for (const range of ranges) table.release(range.unitId, range);
    for (const part of displaced.flatMap((item) => item.parts)) table.take(part.unitId, part);
  }
  return null;
}

/** Everything movable and the want get lanes in order of start. */
function inOrderOfStart(
  lanes: readonly Lane[],
  fixed: readonly Busy[],
  items: readonly Item[],
  want: Want,
): Repacked | null {
  // What it must keep is no longer a question of order.
  if (want.must && want.must.length > 0) return null;
  const table = tableOf(lanes, fixed);
  const waiting = new LaneTable<Busy>(lanes.map(({ id }) => id)).fill(items.flatMap(({ parts }) => parts));
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
function around(lanes: readonly Lane[], fixed: readonly Busy[], items: readonly Item[], want: Want): Repacked | null {
  const fixedTable = tableOf(lanes, fixed);
  const places = want.topology === "any" ? [lanes] : candidateNodes(lanes, fixedTable, want).slice(0, NODES_TRIED);
  for (const place of places) {
    const units = choose(place, fixedTable, want);
    if (!units) continue;
    const table = tableOf(lanes, [...fixed, ...rangesOf(units, want)]);
    const moves = settle(lanes, table, items.toSorted(byStart));
    if (moves) return { units, moves };
  }
  return null;
}

/** Gives each item lanes, its own if they are free; as soon as one finds none, null, and the table is as it was. */
function settle(lanes: readonly Lane[], table: LaneTable, items: readonly Item[]): Move[] | null {
  const waiting = new LaneTable<Busy>(lanes.map(({ id }) => id)).fill(items.flatMap(({ parts }) => parts));
  const cost: Cost = (unitId, { from, to }) => waiting.overlapping(unitId, from, to).length;
  const settled: OnUnit[] = [];
  const moves: Move[] = [];
  for (const item of items) {
    for (const part of item.parts) waiting.release(part.unitId, part);
    const moved = moveItem(lanes, table, item, cost);
    if (!moved) {
      for (const range of settled) table.release(range.unitId, range);
      return null;
    }
    moves.push(...moved);
    const target = new Map(moved.map(({ allocationId, toUnit }) => [allocationId, toUnit]));
    for (const { allocationId, unitId, from, to } of item.parts) {
      settled.push({ unitId: target.get(allocationId) ?? unitId, from, to });
    }
  }
  return moves;
}

/** Takes lanes for the item: its own, else those where nobody waits for his own, else any. */
function moveItem(lanes: readonly Lane[], table: LaneTable, item: Item, cost: Cost): Move[] | null {
  if (item.parts.every(({ unitId, from, to }) => table.isFree(unitId, from, to))) {
    for (const part of item.parts) table.take(part.unitId, part);
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
function assign(place: readonly Lane[], table: LaneTable, parts: readonly Busy[], cost: Cost): string[] | null {
  const targets: string[] = [];
  for (const part of parts) {
    const { unitId, from, to } = part;
    const target = choose(place, table, { segments: [{ from, to, count: 1 }], topology: "any", keep: [unitId] }, cost)
      ?.at(0)
      ?.at(0);
    if (target === undefined) {
      for (const [i, id] of targets.entries()) {
        const taken = parts[i];
        if (taken) table.release(id, taken);
      }
      return null;
    }
    table.take(target, part);
    targets.push(target);
  }
  return targets;
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

function tableOf(lanes: readonly Lane[], items: readonly OnUnit[]): LaneTable {
  return new LaneTable(lanes.map(({ id }) => id)).fill(items);
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
