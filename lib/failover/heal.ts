import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { transaction } from "@/lib/db/transaction";
import type { RoundOptions } from "@/lib/failover/detect";
import { giveUp } from "@/lib/failover/give-up";
import { instancesOn, replaceMachines } from "@/lib/failover/machines";
import { layOutages } from "@/lib/failover/outages";
import { poolsAsGood } from "@/lib/failover/pools-as-good";
import { openFailover } from "@/lib/failover/record";
import { lockStruck, namesOf, nodesOf, placesOf, recordMove, type Struck } from "@/lib/failover/struck";
import { log } from "@/lib/log";
import { recordChange } from "@/lib/reservations/history";
import { lockWithPools } from "@/lib/reservations/lock";
import { loadPool, lockPool } from "@/lib/reservations/pool-state";
import { CapacityRefused } from "@/lib/reservations/refusal";
import { type Relocation, relocate, substitute } from "@/lib/reservations/relocate";
import { openScene, type Scene } from "@/lib/reservations/scene";

/** Milliseconds that moving one reservation may take. */
export const MOVE_TIMEOUT_MS = 30_000;

/**
 * Gives a reservation that has begun other units in place of those that failed, one instance after the other: in its pool
 * without moving anybody, by moving bookings that have not begun, in another pool that is as good; or ends what is left
 * without a place. Each in a transaction that looks again under the locks, so that of any number of workers one does it.
 * @returns how many failovers were begun
 */
export async function healReservation(reservationId: string, options: RoundOptions): Promise<number> {
  let healed = 0;
  for (;;) {
    const outcome = await inItsPool(reservationId, options);
    if (outcome === "nothing") return healed;
    if (outcome === "no_room") {
      const moved = (await inAnotherPool(reservationId, options)) || (await giveUp(reservationId, options));
      return healed + (moved ? 1 : 0);
    }
    healed += 1;
  }
}

async function inItsPool(reservationId: string, { now }: RoundOptions): Promise<"healed" | "nothing" | "no_room"> {
  return transaction(
    async (tx) => {
      const found = await lockStruck(tx, reservationId, now);
      if (!found) return "nothing";
      const { scene, row, pool, lost, unusable } = found;
      // One instance at a time: each stays in one piece where there is room for that.
      const instances = await instancesOn(tx, row.id, [...lost]);
      const [first] = instances;
      const own = first ? await tx.instanceUnit.findMany({ where: { instanceId: first.id } }) : [];
      const group = first ? own.map(({ unitId }) => unitId).filter((id) => lost.has(id)) : [...lost];
      const relocation = await relocate(scene, row, { pool, lost: new Set(group), unusable });
      if (!relocation) return "no_room";
      await settle(found, relocation);
      return "healed";
    },
    { timeoutMs: MOVE_TIMEOUT_MS },
  );
}

async function inAnotherPool(reservationId: string, { now }: RoundOptions): Promise<boolean> {
  const reservation = await db.reservation.findUniqueOrThrow({ where: { id: reservationId } });
  for (const poolId of await poolsAsGood(reservation.poolId)) {
    const done = await transaction(
      async (tx) => {
        const found = await lockStruck(tx, reservationId, now, poolId);
        if (!found) return true;
        try {
          await settle(found, await substitute(found.scene, found.row, await loadPool(tx, poolId)));
          return true;
        } catch (error) {
          if (error instanceof CapacityRefused) return false;
          throw error;
        }
      },
      { timeoutMs: MOVE_TIMEOUT_MS },
    );
    if (done) return true;
  }
  return false;
}

/** What follows from a move: the units that were left are kept out of use, machines are replaced, all is written down. */
async function settle({ scene, row, failure }: Struck & { scene: Scene }, relocation: Relocation): Promise<void> {
  const { tx, now } = scene;
  const { way, from, to } = relocation;
  await layOutages(tx, failure.poolId, now);
  const instances = await instancesOn(tx, row.id, from);
  const nodes = await nodesOf(tx, to);
  const destination = { poolId: relocation.row.poolId, unitIds: to, nodes: nodes.join(", ") };
  const opened: string[] = [];
  for (const { instance, fromNode, fromUnits } of await placesOf(tx, instances, from)) {
    const { id } = await openFailover(scene, failure, { instance, fromNode, fromUnits, way, to: destination });
    opened.push(id);
  }
  await replaceMachines(tx, relocation.row, instances, { cause: failure.cause, now });
  const [replacement] = await instancesOn(tx, row.id, to);
  if (replacement) {
    await tx.failover.updateMany({ where: { id: { in: opened } }, data: { replacementId: replacement.id } });
  }
  await recordMove(scene, row, relocation, failure.cause);
  log.warn({ reservation: row.id, way, from: from.length, to: destination.nodes }, "a reservation failed over");
}

/**
 * Takes a booking that has not begun away from failed units, if there is room; otherwise it waits for their repair.
 * @returns whether it moved
 */
export async function moveUpcoming(poolId: string, reservationId: string, { now }: RoundOptions): Promise<boolean> {
  return transaction(
    async (tx) => {
      const seen = await tx.reservation.findUnique({ where: { id: reservationId }, select: { projectId: true } });
      if (!seen) return false;
      const row = await lockWithPools(tx, seen.projectId, reservationId);
      const scene = await openScene(tx, { projectId: row.projectId, by: "system" }, now);
      if (row.poolId !== poolId || (row.status !== "confirmed" && row.status !== "held")) return false;
      const failed = await tx.unit.findMany({ where: { poolId, health: "failed", retiredAt: null } });
      const unusable = new Set(failed.map(({ id }) => id));
      const on = await tx.allocation.findMany({ where: { reservationId, unitId: { in: [...unusable] } } });
      if (on.length === 0) return false;
      const lost = new Set(on.map(({ unitId }) => unitId));
      const relocation = await relocate(scene, row, { pool: await loadPool(tx, poolId), lost, unusable });
      if (!relocation) return false;
      await layOutages(tx, poolId, scene.now);
      await recordChange(scene, row, {
        kind: "repacked",
        before: { units: await namesOf(tx, relocation.from) },
        after: { units: await namesOf(tx, relocation.to) },
        reason: "Moved to other GPUs of its pool, because its own failed",
      });
      const nodeIds = failed.filter(({ id }) => lost.has(id)).map(({ nodeId }) => nodeId);
      await tx.$executeRaw`
        UPDATE drill SET report = jsonb_set(report, '{moved}', coalesce(report -> 'moved', '[]') || to_jsonb(${row.id}::text))
         WHERE status = 'running' AND pool_id = ${poolId} AND node_id = ANY(${nodeIds})`;
      return true;
    },
    { timeoutMs: MOVE_TIMEOUT_MS },
  );
}

/** Lays the outages of a pool anew, after what others gave back or booked beside them. */
export async function keepOutOfUse(poolId: string, { now }: RoundOptions): Promise<void> {
  await transaction(async (tx) => {
    await lockPool(tx, poolId);
    await layOutages(tx, poolId, now ?? (await databaseNow(tx)));
  });
}
