import type { z } from "zod";
import type { Administrator } from "@/lib/accounts/admin";
import { FLEET_LIMITS, type Pool, type PoolDetail } from "@/lib/contracts/fleet";
import { checkProvider, checkRules, type createPoolBody, type updatePoolBody } from "@/lib/contracts/fleet-admin";
import type { FieldError } from "@/lib/contracts/problem";
import { databaseNow } from "@/lib/db/clock";
import { afterCommit, type Tx, transaction } from "@/lib/db/transaction";
import { AppError, invalidField } from "@/lib/errors";
import { lockFleet, mostBooked, withFreeName } from "@/lib/fleet/guards";
import { insertNodes } from "@/lib/fleet/nodes";
import { countUnits, getPool, noPool } from "@/lib/fleet/queries";
import { toPool } from "@/lib/fleet/view";
import type { Prisma } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";
import { announcePools } from "@/lib/live/channel";
import { log } from "@/lib/log";
import { lockPool } from "@/lib/reservations/pool-state";

type Changes = Omit<z.output<typeof updatePoolBody>, "version">;

/**
 * A pool, with its first nodes if some are given.
 * @throws AppError "validation_failed" naming the field; "conflict" at the limit
 */
export async function createPool(
  { subject }: Administrator,
  { nodes, gpu_type_id, ...body }: z.output<typeof createPoolBody>,
): Promise<PoolDetail> {
  refuseIf([...checkRules(body), ...checkProvider(body)]);
  refuseReserve(body.reserve_units, nodes ? nodes.count * nodes.lanes : 0);
  const pool = await withFreeName("pool", body.name, () =>
    transaction(
      async (tx) => {
        await lockFleet(tx);
        if ((await tx.pool.count()) >= FLEET_LIMITS.pools) {
          throw new AppError("conflict", `There are ${FLEET_LIMITS.pools} pools, the most there can be; remove one.`);
        }
        const gpuType = await tx.gpuType.findUnique({ where: { id: gpu_type_id }, select: { id: true } });
        if (!gpuType) throw invalidField("gpu_type_id", "There is no such GPU type.");
        await refuseProvisioner(tx, body.provisioner_id);
        const { id } = await tx.pool.create({
          data: { ...toColumns(body), id: newId("pool"), gpuTypeId: gpuType.id } as Prisma.PoolUncheckedCreateInput,
        });
        if (nodes) await insertNodes(tx, { poolId: id, ...nodes, field: "nodes" });
        afterCommit(tx, () => announcePools([id]));
        return getPool(id, tx);
      },
      { timeoutMs: 30_000 },
    ),
  );
  log.info({ by: subject.id, pool: pool.id, name: pool.name }, "an administrator added a pool");
  return pool;
}

/**
 * Changes rules, price, reserve, or whether it is open. Bookings that exist keep what they have.
 * @param at the present time; the database's clock unless given
 * @throws AppError "not_found", "version_conflict", "validation_failed" naming the field
 */
export async function updatePool(
  { subject }: Administrator,
  poolId: string,
  { version, ...changes }: z.output<typeof updatePoolBody>,
  at?: Date,
): Promise<Pool> {
  const pool = await withFreeName("pool", changes.name ?? "", () =>
    transaction(async (tx) => {
      await lockPool(tx, poolId);
      const row = await tx.pool.findUnique({ where: { id: poolId } });
      if (!row) throw noPool();
      if (row.version !== version) {
        throw new AppError(
          "version_conflict",
          "Somebody changed this pool meanwhile. Read it again and repeat your change.",
          {
            extras: { current_version: row.version },
          },
        );
      }
      refuseIf(
        checkRules({
          granularity_minutes: changes.granularity_minutes ?? row.granularityMinutes,
          min_duration_minutes: changes.min_duration_minutes ?? row.minDurationMinutes,
          max_duration_minutes: changes.max_duration_minutes ?? row.maxDurationMinutes,
          horizon_days: changes.horizon_days ?? row.horizonDays,
        }),
      );
      refuseIf(
        checkProvider({
          compute_provider: changes.compute_provider === undefined ? row.computeProvider : changes.compute_provider,
          provisioner_id: changes.provisioner_id === undefined ? row.provisionerId : changes.provisioner_id,
        }),
      );
      await refuseProvisioner(tx, changes.provisioner_id ?? null);
      if (changes.provisioner_id !== undefined && changes.provisioner_id !== row.provisionerId) {
        await refuseLeavingMachines(tx, poolId);
      }
      const counts = (await countUnits(tx, [poolId])).get(poolId) ?? { nodes: 0, units: 0, largest: 0 };
      if (changes.reserve_units !== undefined && changes.reserve_units > row.reserveUnits) {
        refuseReserve(changes.reserve_units, counts.units);
        await refuseBookedReserve(tx, poolId, changes.reserve_units, counts.units, at ?? (await databaseNow(tx)));
      }
      const updated = await tx.pool.update({
        where: { id: poolId },
        // What was computed from the pool's rules or reserve is stale, as after a change of its units.
        data: { ...toColumns(changes), version: { increment: 1 }, usageVersion: { increment: 1 } },
        include: { gpuType: true },
      });
      afterCommit(tx, () => announcePools([poolId]));
      return toPool(updated, counts);
    }),
  );
  log.info({ by: subject.id, pool: poolId, version: pool.version }, "an administrator changed a pool");
  return pool;
}

/**
 * Removes a pool, with its nodes, that nothing refers to.
 * @throws AppError "not_found"; "conflict" saying what refers to it
 */
export async function deletePool({ subject }: Administrator, poolId: string, now = new Date()): Promise<void> {
  await transaction(
    async (tx) => {
      await lockFleet(tx);
      await lockPool(tx, poolId);
      const row = await tx.pool.findUnique({ where: { id: poolId } });
      if (!row) throw noPool();
      const references = await findReferences(tx, poolId, now);
      if (references.length > 0) {
        throw new AppError(
          "conflict",
          `"${row.name}" has ${listed(references)}. ${row.open ? "Close it instead: it then takes no new bookings." : "It is closed and takes no new bookings; that is as far as it goes."}`,
        );
      }
      // What is left is over: quotes that ran out, and maintenance and outages that ended.
      await tx.quote.deleteMany({ where: { poolId } });
      await tx.allocation.deleteMany({ where: { poolId } });
      await tx.maintenance.deleteMany({ where: { poolId } });
      await tx.poolUsage.deleteMany({ where: { poolId } });
      await tx.unit.deleteMany({ where: { poolId } });
      await tx.node.deleteMany({ where: { poolId } });
      await tx.pool.delete({ where: { id: poolId } });
      afterCommit(tx, () => announcePools([poolId]));
    },
    { timeoutMs: 30_000 },
  );
  log.info({ by: subject.id, pool: poolId }, "an administrator removed a pool");
}

/** What keeps a pool from being removed, in words. */
async function findReferences(tx: Tx, poolId: string, now: Date): Promise<string[]> {
  const [reservations, quotes, maintenance, outages, feeds, waiting] = await Promise.all([
    tx.reservation.count({ where: { poolId } }),
    tx.quote.count({ where: { poolId, expiresAt: { gt: now } } }),
    tx.maintenance.count({ where: { poolId, endsAt: { gt: now } } }),
    tx.allocation.count({ where: { poolId, kind: "outage", endsAt: { gt: now } } }),
    tx.calendarFeed.count({ where: { poolId } }),
    tx.waitlistEntry.count({
      where: { status: { in: ["waiting", "offered"] }, criteria: { path: ["pool_ids"], array_contains: [poolId] } },
    }),
  ]);
  return [
    counted(reservations, "reservation", "reservations"),
    counted(quotes, "quoted price that still stands", "quoted prices that still stand"),
    counted(maintenance, "maintenance that has not ended", "maintenances that have not ended"),
    counted(outages, "GPU that is out of order", "GPUs that are out of order"),
    counted(feeds, "calendar feed", "calendar feeds"),
    counted(waiting, "request on the waiting list", "requests on the waiting list"),
  ].flatMap((words) => words ?? []);
}

function counted(count: number, one: string, many: string): string | null {
  return count === 0 ? null : `${count} ${count === 1 ? one : many}`;
}

function listed(words: readonly string[]): string {
  return words.length === 1 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

function refuseIf(errors: FieldError[]): void {
  const [first] = errors;
  if (first) throw new AppError("validation_failed", first.message, { errors });
}

/** Locked until the transaction ends, so that nobody removes it in between. */
async function refuseProvisioner(tx: Tx, provisionerId: string | null): Promise<void> {
  if (provisionerId === null) return;
  const found = await tx.$queryRaw<unknown[]>`SELECT id FROM provisioner WHERE id = ${provisionerId} FOR KEY SHARE`;
  if (found.length === 0) throw invalidField("provisioner_id", "There is no such provisioner.");
}

/** Machines are asked about, and stopped, at the provisioner that the pool has. */
async function refuseLeavingMachines(tx: Tx, poolId: string): Promise<void> {
  const running = await tx.instance.count({ where: { poolId, provider: "http", endedAt: null } });
  if (running === 0) return;
  throw invalidField(
    "provisioner_id",
    `${running === 1 ? "1 instance" : `${running} instances`} of this pool still run at its provisioner; change it when they have ended.`,
  );
}

function refuseReserve(reserve: number, units: number): void {
  if (reserve <= units) return;
  throw invalidField(
    "reserve_units",
    units === 0
      ? "The pool has no GPUs to keep in reserve; add nodes first."
      : `The pool has ${units === 1 ? "1 GPU" : `${units} GPUs`}; keep at most as many in reserve.`,
  );
}

/** What is booked stays booked: a reserve can be made only of what is not. */
async function refuseBookedReserve(tx: Tx, poolId: string, reserve: number, units: number, now: Date): Promise<void> {
  const booked = await mostBooked(tx, poolId, now);
  if (booked.units + reserve <= units) return;
  throw invalidField(
    "reserve_units",
    `From ${booked.from.toISOString()} on, ${booked.units} of the ${units} GPUs are booked; keep ${units - booked.units} in reserve at most until that is over.`,
  );
}

function toColumns(body: Changes): Prisma.PoolUncheckedUpdateInput {
  const columns = {
    name: body.name,
    region: body.region,
    provider: body.provider,
    computeProvider: body.compute_provider,
    provisionerId: body.provisioner_id,
    granularityMinutes: body.granularity_minutes,
    minDurationMinutes: body.min_duration_minutes,
    maxDurationMinutes: body.max_duration_minutes,
    horizonDays: body.horizon_days,
    bufferBeforeMinutes: body.buffer_before_minutes,
    bufferAfterMinutes: body.buffer_after_minutes,
    reserveUnits: body.reserve_units,
    freezeMinutes: body.freeze_minutes,
    priceMicrosPerGpuHour:
      body.price_micros_per_gpu_hour === undefined ? undefined : BigInt(body.price_micros_per_gpu_hour),
    open: body.open,
  };
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined));
}
