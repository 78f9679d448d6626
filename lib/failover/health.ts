import type { Administrator } from "@/lib/accounts/admin";
import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import { afterCommit, type Tx, transaction } from "@/lib/db/transaction";
import { AppError, invalidField } from "@/lib/errors";
import { endOutages, layOutages } from "@/lib/failover/outages";
import { announcePools } from "@/lib/live/channel";
import { log } from "@/lib/log";
import { lockPool } from "@/lib/reservations/pool-state";

/**
 * Marks units of a pool as failed and keeps them out of use from now on. Bookings that are on them are healed by the next
 * look of a worker. Units that had failed before keep their cause. In a transaction of its own: nothing else may be locked
 * before the pool, and bookings are moved one by one after it.
 * @param at the database's clock unless given
 * @returns the ids of those that failed by it
 */
export function markFailed(
  { poolId, unitIds, cause }: { poolId: string; unitIds: readonly string[]; cause: string },
  at?: Date,
): Promise<string[]> {
  return transaction(async (tx) => {
    await lockPool(tx, poolId);
    const now = at ?? (await databaseNow(tx));
    const failed = await tx.unit.updateManyAndReturn({
      where: { id: { in: [...unitIds] }, poolId, retiredAt: null, health: "healthy" },
      data: { health: "failed", healthCause: cause, healthSince: now },
      select: { id: true },
    });
    if (failed.length === 0) return [];
    await layOutages(tx, poolId, now);
    afterCommit(tx, () => announcePools([poolId]));
    log.warn({ pool: poolId, units: failed.length, cause }, "GPUs failed");
    return failed.map(({ id }) => id);
  });
}

/** Marks units of a pool as healthy again, which ends their outage. @returns how many were not */
export function markHealthy(
  { poolId, unitIds }: { poolId: string; unitIds: readonly string[] },
  at?: Date,
): Promise<number> {
  return transaction(async (tx) => {
    await lockPool(tx, poolId);
    return healUnits(tx, { poolId, unitIds, now: at ?? (await databaseNow(tx)) });
  });
}

/** The same inside a transaction that has the pool's lock. */
export async function healUnits(
  tx: Tx,
  { poolId, unitIds, now }: { poolId: string; unitIds: readonly string[]; now: Date },
): Promise<number> {
  const healed = await tx.unit.updateManyAndReturn({
    where: { id: { in: [...unitIds] }, poolId, health: "failed" },
    data: { health: "healthy", healthCause: null, healthSince: now },
    select: { id: true },
  });
  const ids = healed.map(({ id }) => id);
  await endOutages(tx, ids, now);
  if (ids.length > 0) afterCommit(tx, () => announcePools([poolId]));
  return ids.length;
}

/**
 * What an admin says of a node, or of some of its units.
 * @throws AppError "not_found" for a node; "validation_failed" for a unit that is not in service on it
 */
export async function setHealth(
  { subject }: Administrator,
  nodeId: string,
  {
    health,
    cause,
    unit_ids,
  }: { health: "healthy" | "failed"; cause?: string | undefined; unit_ids?: string[] | undefined },
  at?: Date,
): Promise<{ changed: number }> {
  const node = await db.node.findFirst({
    where: { id: nodeId, retiredAt: null },
    include: { units: { where: { retiredAt: null }, select: { id: true } } },
  });
  if (!node) throw new AppError("not_found", "There is no such node in service.");
  const known = new Set(node.units.map(({ id }) => id));
  const wrong = unit_ids?.findIndex((id) => !known.has(id)) ?? -1;
  if (wrong !== -1) throw invalidField(`unit_ids[${wrong}]`, "This is no GPU in service of this node.");
  const of = { poolId: node.poolId, unitIds: unit_ids ?? [...known] };
  const changed =
    health === "failed"
      ? (await markFailed({ ...of, cause: cause ?? "Marked as failed." }, at)).length
      : await markHealthy(of, at);
  log.info({ by: subject.id, node: nodeId, health, changed }, "an administrator marked GPUs");
  return { changed };
}
