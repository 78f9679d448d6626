import type { z } from "zod";
import type { Administrator } from "@/lib/accounts/admin";
import {
  type ChangedMaintenance,
  type createMaintenanceBody,
  MAINTENANCE_LIMITS,
  type MaintenancePreview,
  type updateMaintenanceBody,
} from "@/lib/contracts/maintenance";
import { databaseNow } from "@/lib/db/clock";
import { afterCommit, type Tx, transaction } from "@/lib/db/transaction";
import { AppError, invalidField } from "@/lib/errors";
import { readMaintenance } from "@/lib/fleet/maintenance-queries";
import { clearUnits } from "@/lib/fleet/make-room";
import type { Maintenance as MaintenanceRow } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";
import { announcePools } from "@/lib/live/channel";
import { log } from "@/lib/log";
import { loadLanes, loadPool, lockPool, type PoolState } from "@/lib/reservations/pool-state";

const DAY_MS = 24 * 3600 * 1000;
const TIMEOUT_MS = 30_000;

type Params = { pool_id: string; maintenance_id: string };

/**
 * Takes units out of service for a time. Bookings that are in the way and have not begun move to other units.
 * @param now the database's clock unless given
 * @throws AppError "not_found"; "validation_failed" naming the field; "conflict" at the limit; "capacity_unavailable" with
 *   what cannot make room in `extras.in_the_way`, and nothing changed
 */
export async function createMaintenance(
  { subject }: Administrator,
  poolId: string,
  { dry_run, reason, ...body }: z.output<typeof createMaintenanceBody>,
  at?: Date,
): Promise<ChangedMaintenance | MaintenancePreview> {
  const made = await transaction(
    async (tx) => {
      await lockPool(tx, poolId);
      const pool = await loadPool(tx, poolId);
      const now = at ?? (await databaseNow(tx));
      const starts = body.starts_at === undefined ? now : new Date(body.starts_at);
      if (starts < now) throw invalidField("starts_at", "This has passed. Leave it out to begin now.");
      const times = checkTimes(starts, new Date(body.ends_at), now);
      const open = await tx.maintenance.count({ where: { poolId, endsAt: { gt: now } } });
      if (open >= MAINTENANCE_LIMITS.perPool) {
        throw new AppError(
          "conflict",
          `The pool has ${open} maintenances that have not ended, the most there can be; call one off.`,
        );
      }
      const unitIds = await chooseUnits(tx, poolId, body);
      const id = newId("maintenance");
      await tx.maintenance.create({
        data: { id, poolId, reason, ...times, createdBy: subject.id, createdAt: now },
      });
      return block(tx, { id, pool, unitIds, now, ...times });
    },
    { timeoutMs: TIMEOUT_MS, dryRun: dry_run },
  );
  if (dry_run) return { ...made, dry_run: true, id: null };
  log.info(
    { by: subject.id, pool: poolId, maintenance: made.id, moved: made.moved },
    "an administrator planned maintenance",
  );
  return made;
}

/**
 * Moves, extends or shortens it, or changes what it is for.
 * @throws AppError "not_found"; "validation_failed" naming the field; "conflict" when it has ended; "capacity_unavailable"
 */
export async function updateMaintenance(
  { subject }: Administrator,
  { pool_id: poolId, maintenance_id: id }: Params,
  { dry_run, reason, starts_at, ends_at }: z.output<typeof updateMaintenanceBody>,
  at?: Date,
): Promise<ChangedMaintenance | MaintenancePreview> {
  const changed = await transaction(
    async (tx) => {
      await lockPool(tx, poolId);
      const pool = await loadPool(tx, poolId);
      const now = at ?? (await databaseNow(tx));
      const row = await findOpen(tx, poolId, id, now);
      const startsAt = starts_at === undefined ? row.startsAt : new Date(starts_at);
      if (startsAt.getTime() !== row.startsAt.getTime()) {
        if (row.startsAt <= now) throw invalidField("starts_at", "It has begun, so its start stays.");
        if (startsAt < now) throw invalidField("starts_at", "This has passed.");
      }
      const times = checkTimes(startsAt, ends_at === undefined ? row.endsAt : new Date(ends_at), now);
      await tx.maintenance.update({ where: { id }, data: { ...times, ...(reason !== undefined && { reason }) } });
      const held = await tx.allocation.findMany({ where: { maintenanceId: id }, select: { unitId: true } });
      // Bookings may move to where it was, and it to where they were: it steps aside first.
      await tx.allocation.deleteMany({ where: { maintenanceId: id } });
      const unitIds = held.map(({ unitId }) => unitId);
      return block(tx, { id, pool, unitIds, now, ...times });
    },
    { timeoutMs: TIMEOUT_MS, dryRun: dry_run },
  );
  if (dry_run) return { ...changed, dry_run: true };
  log.info(
    { by: subject.id, pool: poolId, maintenance: id, moved: changed.moved },
    "an administrator changed maintenance",
  );
  return changed;
}

/**
 * Removes one that has not begun, and ends one that is under way.
 * @throws AppError "not_found"; "conflict" when it has ended
 */
export async function endMaintenance(
  { subject }: Administrator,
  { pool_id: poolId, maintenance_id: id }: Params,
  at?: Date,
): Promise<undefined> {
  await transaction(async (tx) => {
    await lockPool(tx, poolId);
    const now = at ?? (await databaseNow(tx));
    const row = await findOpen(tx, poolId, id, now);
    if (row.startsAt >= now) {
      await tx.allocation.deleteMany({ where: { maintenanceId: id } });
      await tx.maintenance.delete({ where: { id } });
    } else {
      await tx.maintenance.update({ where: { id }, data: { endsAt: now } });
      await tx.allocation.updateMany({ where: { maintenanceId: id }, data: { endsAt: now, blocksTo: now } });
    }
    afterCommit(tx, () => announcePools([poolId]));
  });
  log.info({ by: subject.id, pool: poolId, maintenance: id }, "an administrator called maintenance off");
}

type Block = { id: string; pool: PoolState; unitIds: string[]; startsAt: Date; endsAt: Date; now: Date };

async function block(tx: Tx, { id, pool, unitIds, startsAt, endsAt, now }: Block): Promise<ChangedMaintenance> {
  const moved = await clearUnits(tx, { pool, unitIds, from: startsAt, to: endsAt, now });
  // As arrays: a pool has up to 20,000 units, and nobody can book in it meanwhile.
  await tx.$executeRaw`
    INSERT INTO allocation (id, pool_id, unit_id, kind, maintenance_id, starts_at, ends_at, blocks_from, blocks_to)
    SELECT u.id, ${pool.id}, u.unit_id, 'maintenance', ${id}, ${startsAt}, ${endsAt}, ${startsAt}, ${endsAt}
      FROM unnest(${unitIds.map(() => newId("allocation"))}::text[], ${unitIds}::text[]) AS u (id, unit_id)`;
  afterCommit(tx, () => announcePools([pool.id]));
  return {
    ...(await readMaintenance(tx, id, now)),
    ...moved,
    reserve_left: await reserveLeft(tx, pool, startsAt, endsAt),
  };
}

/** How many GPUs of the failover reserve are free at the worst moment of a time. */
async function reserveLeft(tx: Tx, pool: PoolState, from: Date, to: Date): Promise<number> {
  const [row] = await tx.$queryRaw<[{ depth: number }]>`
    WITH before AS (SELECT coalesce(sum(delta), 0) AS depth FROM pool_usage WHERE pool_id = ${pool.id} AND at <= ${from})
    SELECT coalesce(max(depth), 0)::int AS depth FROM (
      SELECT depth FROM before
      UNION ALL
      SELECT (SELECT depth FROM before) + sum(delta) OVER (ORDER BY at) FROM pool_usage
       WHERE pool_id = ${pool.id} AND at > ${from} AND at < ${to}) depths`;
  return Math.max(0, Math.min(pool.units - pool.sellable, pool.units - row.depth));
}

async function chooseUnits(
  tx: Tx,
  poolId: string,
  { node_ids, unit_ids }: { node_ids?: string[] | undefined; unit_ids?: string[] | undefined },
): Promise<string[]> {
  const lanes = await loadLanes(tx, poolId);
  if (lanes.length === 0) throw new AppError("conflict", "The pool has no GPUs in service.");
  const wanted = unit_ids ?? node_ids;
  if (wanted === undefined) return lanes.map(({ id }) => id);
  const field = unit_ids ? "unit_ids" : "node_ids";
  const known = new Set(lanes.map((lane) => (unit_ids ? lane.id : lane.nodeId)));
  const unknown = wanted.findIndex((id) => !known.has(id));
  if (unknown !== -1) {
    const what = unit_ids ? "GPU" : "node";
    throw invalidField(`${field}[${unknown}]`, `"${wanted[unknown]}" is no ${what} in service of this pool.`);
  }
  const chosen = new Set(wanted);
  return lanes.filter((lane) => chosen.has(unit_ids ? lane.id : lane.nodeId)).map(({ id }) => id);
}

function checkTimes(startsAt: Date, endsAt: Date, now: Date): { startsAt: Date; endsAt: Date } {
  if (endsAt <= startsAt) throw invalidField("ends_at", "It has to end after it begins.");
  if (endsAt <= now) throw invalidField("ends_at", "This has passed.");
  if (endsAt.getTime() - startsAt.getTime() > MAINTENANCE_LIMITS.days * DAY_MS) {
    throw invalidField("ends_at", `It can last ${MAINTENANCE_LIMITS.days} days at most.`);
  }
  return { startsAt, endsAt };
}

/** Under the pool's lock. */
async function findOpen(tx: Tx, poolId: string, id: string, now: Date): Promise<MaintenanceRow> {
  const row = await tx.maintenance.findFirst({ where: { id, poolId } });
  if (!row) throw new AppError("not_found", "There is no such maintenance in this pool.");
  if (row.endsAt <= now) throw new AppError("conflict", "This maintenance has ended and stays as it was.");
  return row;
}
