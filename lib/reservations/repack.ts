import { announceChange } from "@/lib/reservations/events";
import { recordChange } from "@/lib/reservations/history";
import type { Move } from "@/lib/reservations/planner/place";
import type { Scene } from "@/lib/reservations/scene";

/** A booking that went to other units of its pool. */
export type Moved = { projectId: string; id: string };

const FOR_A_BOOKING = "Moved to identical GPUs of its pool, to make room for another booking";

/**
 * Notes in the history of every booking that was moved which units it had and has. Its version stays: nothing that
 * anybody was promised has changed. Whose booking it made room for is not said.
 * @param except the booking that all this is for
 */
export async function recordMoves(
  scene: Scene,
  moves: readonly Move[],
  except: string | null,
  reason: string = FOR_A_BOOKING,
): Promise<Moved[]> {
  if (moves.length === 0) return [];
  const { tx } = scene;
  const byAllocation = new Map(moves.map((move) => [move.allocationId, move]));
  const allocations = await tx.allocation.findMany({
    where: { id: { in: [...byAllocation.keys()] }, reservationId: { not: null } },
    include: { reservation: true },
  });
  const unitIds = [...new Set(moves.flatMap(({ fromUnit, toUnit }) => [fromUnit, toUnit]))];
  const units = await tx.unit.findMany({
    where: { id: { in: unitIds } },
    include: { node: { select: { name: true } } },
  });
  const nameOf = new Map(units.map(({ id, node, lane }) => [id, `${node.name}/${lane}`]));
  const byReservation = Map.groupBy(allocations, ({ reservationId }) => reservationId ?? "");
  const moved: Moved[] = [];
  for (const [id, group] of byReservation) {
    const reservation = group[0]?.reservation;
    if (!reservation || id === except) continue;
    const named = (pick: (move: Move) => string) =>
      group.map(({ id }) => nameOf.get(pick(byAllocation.get(id) as Move)) ?? "").sort();
    await recordChange({ ...scene, by: "system" }, reservation, {
      kind: "repacked",
      before: { units: named(({ fromUnit }) => fromUnit) },
      after: { units: named(({ toUnit }) => toUnit) },
      reason,
    });
    moved.push({ projectId: reservation.projectId, id });
  }
  return moved;
}

export function announceMoved(scene: Scene, moved: readonly Moved[]): void {
  for (const [projectId, group] of Map.groupBy(moved, ({ projectId }) => projectId)) {
    announceChange(scene, { projectId, ids: group.map(({ id }) => id) });
  }
}
