import { topologySchema } from "@/lib/contracts/availability";
import type { Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { findUnits } from "@/lib/reservations/claim";
import { announceChange } from "@/lib/reservations/events";
import { type Blocked, clip, type Lease, leasesOf, partsOfLeases, withBuffers } from "@/lib/reservations/leases";
import { readBlocked, writeBlocked } from "@/lib/reservations/persist";
import { type Busy, type Lane, type Move, place, type Want } from "@/lib/reservations/planner/place";
import { ALL_TIME, loadBusy, loadLanes, type PoolState } from "@/lib/reservations/pool-state";
import { announceMoved, type Moved, recordMoves } from "@/lib/reservations/repack";
import type { Scene } from "@/lib/reservations/scene";
import { readParts, within } from "@/lib/reservations/segments";
import { writeChange } from "@/lib/reservations/status";

/** What the history of others says that made room for it. */
const FOR_A_FAILOVER = "Moved to identical GPUs of its pool, to make room for a booking whose GPUs failed";

/** Where something went that could not stay on its units. */
export type Relocation = {
  way: "spare" | "repack" | "substitute";
  row: ReservationRow;
  /** Units that it left, and those that it has instead. */
  from: string[];
  to: string[];
  moved: Moved[];
};

type Found = { units: string[][]; moves: Move[] };

/**
 * Takes an open reservation, locked with its pool, away from units that it cannot use from now on, to others of its pool.
 * The failover reserve counts as room: it is there for this. First without moving anybody, then by moving bookings that
 * have not begun. What is promised one node stays on one: on its own if the rest of it can stay there, else all of it goes.
 * @param lost its units that it has to leave @param unusable all units of the pool that must not be used
 * @returns null when there is no room; nothing is written then
 */
export async function relocate(
  scene: Scene,
  row: ReservationRow,
  { pool, lost, unusable }: { pool: PoolState; lost: ReadonlySet<string>; unusable: ReadonlySet<string> },
): Promise<Relocation | null> {
  const { tx, now } = scene;
  const before = await readBlocked(scene, row.id);
  const [allLanes, allBusy] = await Promise.all([loadLanes(tx, pool.id), loadBusy(tx, pool, now, ALL_TIME, now)]);
  const lanes = allLanes.filter(({ id }) => !unusable.has(id));
  const healthy = new Set(lanes.map(({ id }) => id));
  const busy = allBusy.filter(({ unitId }) => healthy.has(unitId));
  const everything = new Set(before.map(({ unitId }) => unitId));
  const board = { lanes, busy, pool, now: now.getTime(), reservationId: row.id };
  const tries =
    row.topology === "single_node"
      ? [
          { leaving: lost, places: besideTheRest(allLanes, lanes, before, lost), topology: "any" as const },
          { leaving: everything, places: [lanes], topology: "single_node" as const },
        ]
      : [
          { leaving: lost, places: [lanes], topology: "single_node" as const },
          { leaving: lost, places: [lanes], topology: "any" as const },
        ];
  for (const mayMove of [false, true]) {
    for (const { leaving, places, topology } of tries) {
      const leases = leavingOf(before, leaving, now.getTime());
      for (const lanesThere of places) {
        const found = findPlace(board, { lanes: lanesThere, leases, leaving, topology, mayMove });
        if (found) return settleDown(scene, row, { pool, before, leaving, leases, found });
      }
    }
  }
  return null;
}

/** What of it lies on these units from now on. */
function leavingOf(before: readonly Blocked[], units: ReadonlySet<string>, now: number): Lease[] {
  return clip(
    before.filter(({ unitId }) => units.has(unitId)).map(({ unitId, from, to }) => ({ unitId, from, to })),
    now,
    Number.POSITIVE_INFINITY,
  );
}

/** The free lanes of the node on which the rest of it is; none where there is no rest. */
function besideTheRest(
  allLanes: readonly Lane[],
  lanes: readonly Lane[],
  before: readonly Blocked[],
  lost: ReadonlySet<string>,
): Lane[][] {
  const nodeOf = new Map(allLanes.map(({ id, nodeId }) => [id, nodeId]));
  const rest = new Set(before.filter(({ unitId }) => !lost.has(unitId)).map(({ unitId }) => nodeOf.get(unitId)));
  const [node] = rest;
  return rest.size === 1 && node !== undefined ? [lanes.filter(({ nodeId }) => nodeId === node)] : [];
}

function findPlace(
  { busy, pool, now, reservationId }: { busy: readonly Busy[]; pool: PoolState; now: number; reservationId: string },
  {
    lanes,
    leases,
    leaving,
    topology,
    mayMove,
  }: {
    lanes: readonly Lane[];
    leases: readonly Lease[];
    leaving: ReadonlySet<string>;
    topology: Want["topology"];
    mayMove: boolean;
  },
): Found | null {
  const there = new Set(lanes.map(({ id }) => id));
  const inTheWay = busy
    .filter((range) => there.has(range.unitId))
    .filter((range) => range.reservationId !== reservationId || !leaving.has(range.unitId))
    // What stays of it stays where it is, as it is written by whoever asks.
    .map((range) => ({ ...range, movable: mayMove && range.movable && range.reservationId !== reservationId }));
  const segments = partsOfLeases(leases).map(({ from, to, count }) => ({
    // What goes on at once is not set up before.
    from: from <= now ? from : Math.max(now, from - pool.bufferBeforeMs),
    to: to + pool.bufferAfterMs,
    count,
  }));
  if (segments.length === 0) return null;
  const placement = place(lanes, lanes.length, inTheWay, { segments, topology });
  return placement.ok ? placement : null;
}

async function settleDown(
  scene: Scene,
  row: ReservationRow,
  {
    pool,
    before,
    leaving,
    leases,
    found,
  }: { pool: PoolState; before: readonly Blocked[]; leaving: ReadonlySet<string>; leases: Lease[]; found: Found },
): Promise<Relocation> {
  const now = scene.now.getTime();
  const next = leasesOf(partsOfLeases(leases), found.units);
  const blocked = withBuffers(next, pool).map((lease) => ({
    ...lease,
    blocksFrom: lease.from <= now ? lease.from : Math.max(now, lease.blocksFrom),
  }));
  const stays = before.flatMap((lease) => (leaving.has(lease.unitId) ? upTo(lease, now) : [lease]));
  await writeBlocked(scene, row, [...stays, ...blocked], found.moves);
  const moved = await recordMoves(scene, found.moves, row.id, FOR_A_FAILOVER);
  announceChange(scene, { projectId: row.projectId, ids: [row.id], poolIds: [pool.id] });
  announceMoved(scene, moved);
  return {
    way: found.moves.length > 0 ? "repack" : "spare",
    row,
    from: unitsOf(leases),
    to: unitsOf(next),
    moved,
  };
}

/** What has passed of it; nothing of what has not begun. */
function upTo(lease: Blocked, now: number): Blocked[] {
  if (lease.to <= now) return [{ ...lease, blocksTo: Math.min(lease.blocksTo, Math.max(lease.to, now)) }];
  return lease.from < now ? [{ ...lease, to: now, blocksTo: now }] : [];
}

/**
 * Takes an active reservation, locked with both pools, to another pool for the rest of its time: all of it, for a booking
 * lies in one pool. Price and discount stay. Within what is sold there: that pool's reserve is for its own bookings.
 * @throws CapacityRefused, which leaves the transaction usable
 */
export async function substitute(scene: Scene, row: ReservationRow, pool: PoolState): Promise<Relocation> {
  const now = scene.now.getTime();
  const parts = within(readParts(row.segments), now, Number.POSITIVE_INFINITY);
  const { units, moves } = await findUnits(scene, { pool, parts, topology: topologySchema.parse(row.topology) });
  const before = await readBlocked(scene, row.id);
  const leaving = leavingOf(before, new Set(before.map(({ unitId }) => unitId)), now);
  const next = leasesOf(parts, units);
  const changed = await writeChange(scene, row, { poolId: pool.id });
  const stays = before.flatMap((lease) => upTo(lease, now));
  await writeBlocked(scene, changed, [...stays, ...withBuffers(next, pool)], moves);
  const moved = await recordMoves(scene, moves, row.id, FOR_A_FAILOVER);
  announceChange(scene, { projectId: row.projectId, ids: [row.id], poolIds: [row.poolId, pool.id] });
  announceMoved(scene, moved);
  return { way: "substitute", row: changed, from: unitsOf(leaving), to: unitsOf(next), moved };
}

function unitsOf(leases: readonly Lease[]): string[] {
  return [...new Set(leases.map(({ unitId }) => unitId))];
}
