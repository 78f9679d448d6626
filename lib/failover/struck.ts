import type { Tx } from "@/lib/db/transaction";
import type { Failure } from "@/lib/failover/record";
import type { Instance as InstanceRow, Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { compareFacts, factsOf, recordChange } from "@/lib/reservations/history";
import { lockWithPools } from "@/lib/reservations/lock";
import { loadPool, type PoolState } from "@/lib/reservations/pool-state";
import type { Relocation } from "@/lib/reservations/relocate";
import { openScene, type Scene } from "@/lib/reservations/scene";

export type Struck = {
  row: ReservationRow;
  pool: PoolState;
  failure: Failure;
  lost: Set<string>;
  unusable: Set<string>;
};

/**
 * What of an active reservation, locked with its pool, lies on failed units at the moment.
 * @returns undefined: nothing, or it is not active any more
 */
async function struck(scene: Scene, row: ReservationRow): Promise<Struck | undefined> {
  const { tx, now } = scene;
  if (row.status !== "active" || row.endsAt <= now) return undefined;
  const failed = await tx.unit.findMany({ where: { poolId: row.poolId, health: "failed", retiredAt: null } });
  const unusable = new Set(failed.map(({ id }) => id));
  const rows = await tx.allocation.findMany({
    where: { reservationId: row.id, unitId: { in: [...unusable] }, startsAt: { lte: now }, endsAt: { gt: now } },
    orderBy: { unitId: "asc" },
  });
  const lost = new Set(rows.map(({ unitId }) => unitId));
  const first = failed.find(({ id }) => lost.has(id));
  if (!first) return undefined;
  const nodeIds = failed.filter(({ id }) => lost.has(id)).map(({ nodeId }) => nodeId);
  const drill = await tx.drill.findFirst({
    where: { status: "running", poolId: row.poolId, nodeId: { in: nodeIds } },
    select: { id: true },
  });
  const failure = {
    reservationId: row.id,
    poolId: row.poolId,
    cause: first.healthCause ?? "A GPU failed.",
    since: first.healthSince,
    drillId: drill?.id ?? null,
  };
  return { row, pool: await loadPool(tx, row.poolId), failure, lost, unusable };
}

/** Locks a reservation with its pool, and with another one, and looks what of it is on failed units. */
export async function lockStruck(
  tx: Tx,
  reservationId: string,
  now: Date | undefined,
  otherPoolId?: string,
): Promise<(Struck & { scene: Scene }) | undefined> {
  const seen = await tx.reservation.findUniqueOrThrow({ where: { id: reservationId }, select: { projectId: true } });
  const row = await lockWithPools(tx, seen.projectId, reservationId, otherPoolId);
  const scene = await openScene(tx, { projectId: row.projectId, by: "system" }, now);
  const found = await struck(scene, row);
  return found && { ...found, scene };
}

/** Of each instance the units that it leaves; of those that no instance is for, together. */
export async function placesOf(
  tx: Tx,
  instances: readonly InstanceRow[],
  from: readonly string[],
): Promise<{ instance: InstanceRow | null; fromNode: string; fromUnits: string[] }[]> {
  if (instances.length === 0) {
    return [{ instance: null, fromNode: (await nodesOf(tx, from)).join(", "), fromUnits: [...from] }];
  }
  const places = [];
  for (const instance of instances) {
    const own = await tx.instanceUnit.findMany({ where: { instanceId: instance.id, unitId: { in: [...from] } } });
    const fromUnits = own.map(({ unitId }) => unitId).sort();
    places.push({ instance, fromNode: (await nodesOf(tx, fromUnits)).join(", "), fromUnits });
  }
  return places;
}

export async function nodesOf(tx: Tx, unitIds: readonly string[]): Promise<string[]> {
  const nodes = await tx.node.findMany({
    where: { units: { some: { id: { in: [...unitIds] } } } },
    select: { name: true },
    orderBy: { name: "asc" },
  });
  return nodes.map(({ name }) => name);
}

export async function namesOf(tx: Tx, unitIds: readonly string[]): Promise<string[]> {
  const units = await tx.unit.findMany({
    where: { id: { in: [...unitIds] } },
    include: { node: { select: { name: true } } },
  });
  return units.map(({ node, lane }) => `${node.name}/${lane}`).sort();
}

/** Writes a move down in the reservation's history. @param before the row as it was */
export async function recordMove(
  scene: Scene,
  before: ReservationRow,
  { row, way, from, to }: Relocation,
  reason: string,
): Promise<void> {
  const facts = compareFacts(factsOf(before), factsOf(row));
  await recordChange(scene, row, {
    kind: "failed_over",
    before: { ...facts.before, units: await namesOf(scene.tx, from) },
    after: { ...facts.after, units: await namesOf(scene.tx, to), way },
    reason,
  });
}
