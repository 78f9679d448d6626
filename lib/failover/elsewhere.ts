import { db } from "@/lib/db/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import type { RoundOptions } from "@/lib/failover/detect";
import { MOVE_TIMEOUT_MS } from "@/lib/failover/heal";
import { instancesOn, replaceMachines } from "@/lib/failover/machines";
import { nextStep } from "@/lib/failover/observe";
import { layOutages } from "@/lib/failover/outages";
import { poolsAsGood } from "@/lib/failover/pools-as-good";
import { addStep, type Way, wordsOf } from "@/lib/failover/record";
import type { Replacement } from "@/lib/failover/step";
import { nodesOf, recordMove } from "@/lib/failover/struck";
import type { Failover as FailoverRow, Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { log } from "@/lib/log";
import { lockWithPools } from "@/lib/reservations/lock";
import { loadPool } from "@/lib/reservations/pool-state";
import { CapacityRefused } from "@/lib/reservations/refusal";
import { type Relocation, relocate, substitute } from "@/lib/reservations/relocate";
import { openScene, type Scene } from "@/lib/reservations/scene";

type Open = Pick<FailoverRow, "id" | "projectId" | "reservationId">;

/** A failover under its locks whose replacement cannot be started where it is. */
type Stuck = {
  scene: Scene;
  row: ReservationRow;
  failover: FailoverRow;
  broken: Replacement[];
  /** GPUs that the broken ones are for. */
  units: string[];
  /** Instances of the reservation that are not broken, and run or are about to. */
  others: number;
};

/**
 * Gives a replacement that cannot be started another place: on nodes of its pool on which it was not tried, else in another
 * pool that is as good. Nothing that runs is taken along for it. The failover goes on, with its gap, in the new place.
 * @returns whether there was one, or none is needed any more
 */
export async function goElsewhere(open: Open, options: RoundOptions): Promise<boolean> {
  if (await inItsPool(open, options)) return true;
  const { poolId } = await db.reservation.findUniqueOrThrow({ where: { id: open.reservationId } });
  for (const otherPoolId of await poolsAsGood(poolId)) {
    if (await inAnotherPool(open, otherPoolId, options)) return true;
  }
  return false;
}

function inItsPool(open: Open, { now }: RoundOptions): Promise<boolean> {
  return transaction(
    async (tx) => {
      const stuck = await lockStuck(tx, open, now);
      if (!stuck) return true;
      const { scene, row, failover, units, others } = stuck;
      // On one node there is no room for a part of it but beside the rest.
      if (row.topology === "single_node" && others > 0) return false;
      const unusable = await unitsToAvoid(tx, row.poolId, [...failover.triedUnits, ...units]);
      const pool = await loadPool(tx, row.poolId);
      const relocation = await relocate(scene, row, { pool, lost: new Set(units), unusable });
      if (relocation) await settle(stuck, relocation);
      return relocation !== null;
    },
    { timeoutMs: MOVE_TIMEOUT_MS },
  );
}

function inAnotherPool(open: Open, poolId: string, { now }: RoundOptions): Promise<boolean> {
  return transaction(
    async (tx) => {
      const stuck = await lockStuck(tx, open, now, poolId);
      if (!stuck) return true;
      const { scene, row, failover, others } = stuck;
      // All of a booking lies in one pool: what runs would have to go too.
      if (others > 0 || (await hasTried(tx, failover, poolId))) return false;
      try {
        await settle(stuck, await substitute(scene, row, await loadPool(tx, poolId)));
        return true;
      } catch (error) {
        if (error instanceof CapacityRefused) return false;
        throw error;
      }
    },
    { timeoutMs: MOVE_TIMEOUT_MS },
  );
}

/** Looks again under the locks. @returns undefined: it came to an end, or may run yet */
async function lockStuck(tx: Tx, open: Open, now: Date | undefined, poolId?: string): Promise<Stuck | undefined> {
  const { id, projectId, reservationId } = open;
  const row = await lockWithPools(tx, projectId, reservationId, poolId);
  const failover = await tx.failover.findUniqueOrThrow({ where: { id } });
  if (failover.status !== "recovering") return undefined;
  const scene = await openScene(tx, { projectId, by: "system" }, now);
  const step = await nextStep(tx, failover, row, scene.now);
  if (step.kind !== "elsewhere") return undefined;
  const ids = step.broken.map(({ id }) => id);
  const own = await tx.instanceUnit.findMany({ where: { instanceId: { in: ids } } });
  const others = await tx.instance.count({
    where: { reservationId, endedAt: null, id: { notIn: ids }, status: { notIn: ["stopped", "failed"] } },
  });
  return { scene, row, failover, broken: step.broken, units: own.map(({ unitId }) => unitId), others };
}

/** What failed in the pool, and all that is on the nodes of these units. */
async function unitsToAvoid(tx: Tx, poolId: string, tried: readonly string[]): Promise<Set<string>> {
  const units = await tx.unit.findMany({
    where: {
      poolId,
      OR: [{ health: "failed", retiredAt: null }, { node: { units: { some: { id: { in: [...tried] } } } } }],
    },
    select: { id: true },
  });
  return new Set(units.map(({ id }) => id));
}

async function hasTried(tx: Tx, { poolId, triedUnits }: FailoverRow, candidate: string): Promise<boolean> {
  return poolId === candidate || (await tx.unit.count({ where: { id: { in: triedUnits }, poolId: candidate } })) > 0;
}

async function settle({ scene, row, broken }: Stuck, relocation: Relocation): Promise<void> {
  const { tx, now } = scene;
  const { from, to } = relocation;
  await layOutages(tx, row.poolId, now);
  const cause = broken.map(({ name, failure }) => `${name} could not be started: ${failure}`).join(" ");
  await replaceMachines(tx, relocation.row, await instancesOn(tx, row.id, from), { cause, now });
  // Those that went to another pool together have one place, so they go on together.
  const together = await tx.failover.findMany({
    where: { reservationId: row.id, status: "recovering", toUnits: { hasSome: from } },
    orderBy: { id: "asc" },
  });
  for (const failover of together) {
    const left = new Set(from);
    const unitIds = [...failover.toUnits.filter((id) => !left.has(id)), ...to];
    const destination = { poolId: relocation.row.poolId, unitIds, nodes: (await nodesOf(tx, unitIds)).join(", ") };
    const way: Way = destination.poolId === failover.poolId ? relocation.way : "substitute";
    const told = { ...failover, timeline: addStep(failover, now, cause) };
    const [replacement] = await instancesOn(tx, row.id, unitIds);
    await tx.failover.update({
      where: { id: failover.id, status: "recovering" },
      data: {
        way,
        toNode: destination.nodes,
        toUnits: unitIds,
        toPoolId: destination.poolId,
        places: { increment: 1 },
        movedAt: now,
        triedUnits: [...failover.triedUnits, ...from],
        replacementId: replacement?.id ?? null,
        timeline: addStep(told, now, wordsOf(way, destination)),
      },
    });
  }
  await recordMove(scene, row, relocation, cause);
  log.warn({ reservation: row.id, cause, to: to.length }, "a replacement could not be started and goes elsewhere");
}
