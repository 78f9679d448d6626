import type { Moved } from "@/lib/contracts/fleet-admin";
import type { InTheWay } from "@/lib/contracts/in-the-way";
import type { Tx } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { holdingsDuring } from "@/lib/fleet/holdings";
import { moveAllocations } from "@/lib/reservations/persist";
import { type Move, place } from "@/lib/reservations/planner/place";
import { ALL_TIME, loadBusy, loadLanes, type PoolState } from "@/lib/reservations/pool-state";
import { announceMoved, recordMoves } from "@/lib/reservations/repack";
import { openScene } from "@/lib/reservations/scene";

/** What the history of a booking that moved says. */
const REASON = "Moved to identical GPUs of its pool, to make room for maintenance";

type Wanted = {
  pool: PoolState;
  /** In service, of the pool. */
  unitIds: readonly string[];
  from: Date;
  to: Date;
  now: Date;
};

/**
 * What has to move so that units are empty for a time, by the planner that bookings are placed with: bookings that have
 * begun, are about to begin or are pinned stay. Needs the pool's lock; writes nothing. The failover reserve may be used:
 * what is promised comes first.
 * @throws AppError "capacity_unavailable" with everything that cannot make room in `extras.in_the_way`
 */
async function findRoom(tx: Tx, { pool, unitIds, from, to, now }: Wanted): Promise<Move[]> {
  if (await areEmpty(tx, { pool, unitIds, from, to })) return [];
  const lanes = await loadLanes(tx, pool.id);
  const busy = await loadBusy(tx, pool, from < now ? from : now, ALL_TIME, now);
  const units = new Set(unitIds);
  const touched = busy.filter(
    (range) => units.has(range.unitId) && range.from < to.getTime() && range.to > from.getTime(),
  );
  const fixed = touched.filter(({ movable }) => !movable).map(({ allocationId }) => allocationId);
  const placement =
    fixed.length > 0
      ? null
      : place(lanes, lanes.length, busy, {
          segments: [{ from: from.getTime(), to: to.getTime(), count: unitIds.length }],
          topology: "any",
          must: unitIds,
        });
  if (placement?.ok) return placement.moves;
  const blocking = fixed.length > 0 ? fixed : touched.map(({ allocationId }) => allocationId);
  const inTheWay = await holdingsDuring(tx, blocking, { now, freezeMs: pool.freezeMs });
  throw new AppError("capacity_unavailable", inWords(inTheWay), { extras: { in_the_way: inTheWay } });
}

/** Asked first: reading everything that could move takes a while in a large pool, and mostly nothing has to. */
async function areEmpty(tx: Tx, { pool, unitIds, from, to }: Omit<Wanted, "now">): Promise<boolean> {
  const [{ empty }] = await tx.$queryRaw<[{ empty: boolean }]>`
    SELECT NOT EXISTS (SELECT 1 FROM allocation
                        WHERE pool_id = ${pool.id} AND blocks_to > ${from} AND blocks_from < ${to}
                          AND unit_id = ANY(${[...unitIds]}::text[])) AS empty`;
  return empty;
}

function inWords(inTheWay: readonly InTheWay[]): string {
  const bookings = inTheWay.filter(({ kind }) => kind === "booking").length;
  const others = inTheWay.length - bookings;
  const words = [
    bookings === 0 ? "" : bookings === 1 ? "1 booking" : `${bookings} bookings`,
    others === 0 ? "" : others === 1 ? "1 time out of service" : `${others} times out of service`,
  ].filter((part) => part !== "");
  return `${words.join(" and ")} cannot make room. Nothing was changed.`;
}

/**
 * Empties units for a time and writes it down: in the history of every booking that moves, and to its project's consoles.
 * Needs the pool's lock.
 * @throws AppError "capacity_unavailable" as findRoom
 */
export async function clearUnits(tx: Tx, wanted: Wanted): Promise<Moved> {
  const moves = await findRoom(tx, wanted);
  if (moves.length === 0) return { moved: 0, moved_reservations: [] };
  await moveAllocations(tx, moves);
  // Of no project: the bookings of all of them are moved.
  const scene = await openScene(tx, { projectId: "", by: "system" }, wanted.now);
  const moved = await recordMoves(scene, moves, null, REASON);
  announceMoved(scene, moved);
  return {
    moved: moved.length,
    moved_reservations: moved.map(({ id, projectId }) => ({ reservation_id: id, project_id: projectId })),
  };
}
