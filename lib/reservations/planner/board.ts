import { type DepthChanges, depthChangesOf } from "@/lib/reservations/planner/depth";
import { LaneTable, type Occupied } from "@/lib/reservations/planner/lane-table";
import type { Busy, Lane } from "@/lib/reservations/planner/place";

/** What moves as one: a single allocation, or all those of a reservation that has to stay on one node. */
export type Item = { parts: Busy[]; together: boolean; start: number };

/** What is on a lane: something busy, or (while a placement is tried out) what was put there. */
export type OnLane = Occupied & { item?: Item | undefined };

/**
 * A pool laid out for questions: which lane is taken when, and what could be moved. Costs one pass over everything busy;
 * questions leave it as it was, so one board answers any number of them.
 */
export type Board = {
  lanes: readonly Lane[];
  busy: readonly Busy[];
  table: LaneTable<OnLane>;
  items: readonly Item[];
  /** How many are blocked when. */
  depth: () => DepthChanges;
  /** The same, with nothing kept together but what was promised one node. */
  loose: () => Board;
};

/** @param together whether bookings that merely happen to lie on one node are kept together too */
export function boardOf(lanes: readonly Lane[], busy: readonly Busy[], { together }: { together: boolean }): Board {
  const items = itemsOf(lanes, busy, together);
  const itemOf = new Map<string, Item>();
  for (const item of items) for (const part of item.parts) itemOf.set(part.allocationId, item);
  const table = new LaneTable<OnLane>(lanes.map(({ id }) => id)).fill(
    busy.map(({ allocationId, unitId, from, to }) => ({ unitId, from, to, item: itemOf.get(allocationId) })),
  );
  let depth: DepthChanges | undefined;
  let loose: Board | undefined;
  const board: Board = {
    lanes,
    busy,
    table,
    items,
    depth: () => {
      depth ??= depthChangesOf(busy);
      return depth;
    },
    loose: () => {
      loose ??= together ? boardOf(lanes, busy, { together: false }) : board;
      return loose;
    },
  };
  return board;
}

function itemsOf(lanes: readonly Lane[], busy: readonly Busy[], keepTogether: boolean): Item[] {
  const nodeOf = new Map(lanes.map(({ id, nodeId }) => [id, nodeId]));
  const groups = new Map<string, Busy[]>();
  for (const part of busy) {
    if (!part.movable || !nodeOf.has(part.unitId)) continue;
    const key = part.reservationId ?? part.allocationId;
    const group = groups.get(key);
    if (group) group.push(part);
    else groups.set(key, [part]);
  }
  const items: Item[] = [];
  for (const parts of groups.values()) {
    const [first] = parts;
    if (first && parts.length === 1) {
      items.push({ parts, together: false, start: first.from });
      continue;
    }
    const node = first && nodeOf.get(first.unitId);
    const onOneNode = parts.every(({ unitId }) => nodeOf.get(unitId) === node);
    const together = parts.some(({ singleNode }) => singleNode) || (keepTogether && onOneNode);
    if (together)
      items.push({ parts, together, start: parts.reduce((min, { from }) => Math.min(min, from), Infinity) });
    else for (const part of parts) items.push({ parts: [part], together, start: part.from });
  }
  return items;
}
