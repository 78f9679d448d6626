import { db } from "@/lib/db/client";
import type { Pool, Prisma, Reservation } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";

export type TestPool = Pool & { gpuTypeName: string; units: { id: string; nodeId: string; lane: number }[] };

/** For tests: a pool with nodes and units, straight into the database. Two nodes of eight GPUs unless told otherwise. */
export async function createTestPool({
  nodes = 2,
  lanes = 8,
  gpuTypeId,
  ...data
}: Partial<Prisma.PoolUncheckedCreateInput> & { nodes?: number; lanes?: number } = {}): Promise<TestPool> {
  const gpuType = gpuTypeId
    ? await db.gpuType.findUniqueOrThrow({ where: { id: gpuTypeId } })
    : await db.gpuType.create({ data: { id: newId("gpuType"), name: `Type ${crypto.randomUUID()}`, memoryGb: 80 } });
  const pool = await db.pool.create({
    data: {
      id: newId("pool"),
      name: `Pool ${crypto.randomUUID()}`,
      region: "eu-central",
      provider: "simulated",
      priceMicrosPerGpuHour: 2_000_000n,
      ...data,
      gpuTypeId: gpuType.id,
    },
  });
  const nodeRows = Array.from({ length: nodes }, (_, i) => ({
    id: newId("node"),
    poolId: pool.id,
    name: `node-${String(i + 1).padStart(2, "0")}`,
  }));
  await db.node.createMany({ data: nodeRows });
  const units = nodeRows.flatMap((node) =>
    Array.from({ length: lanes }, (_, lane) => ({ id: newId("unit"), poolId: pool.id, nodeId: node.id, lane })),
  );
  await db.unit.createMany({ data: units });
  return { ...pool, gpuTypeName: gpuType.name, units };
}

type TestReservation = {
  projectId: string;
  pool: TestPool;
  gpuCount: number;
  startsAt: Date;
  hours: number;
  /** Where it lies: as many of the pool's units, from this one on. */
  firstUnit?: number;
  status?: "held" | "confirmed" | "active" | "completed" | "cancelled";
} & Partial<Pick<Prisma.ReservationUncheckedCreateInput, "pinned" | "topology" | "title" | "createdBy">>;

/** For tests: a reservation with its allocations, straight into the database; without credits. */
export async function createTestReservation({
  projectId,
  pool,
  gpuCount,
  startsAt,
  hours,
  firstUnit = 0,
  status = "confirmed",
  ...data
}: TestReservation): Promise<Reservation> {
  const endsAt = new Date(startsAt.getTime() + hours * 3_600_000);
  const segment = { starts_at: startsAt.toISOString(), ends_at: endsAt.toISOString(), gpu_count: gpuCount };
  const total = pool.priceMicrosPerGpuHour * BigInt(hours * gpuCount);
  const amounts = {
    gpu_minutes: hours * gpuCount * 60,
    list_micros: Number(total),
    discount_micros: 0,
    total_micros: Number(total),
  };
  const id = newId("reservation");
  const reservation = await db.reservation.create({
    data: {
      id,
      projectId,
      poolId: pool.id,
      createdBy: "usr_test",
      status,
      gpuCount,
      startsAt,
      endsAt,
      segments: [segment],
      correlationId: id,
      price: {
        rate_micros_per_gpu_hour: Number(pool.priceMicrosPerGpuHour),
        discount_bps: 0,
        ...amounts,
        lines: [{ ...segment, ...amounts }],
        discount: { duration_hours: hours, duration_bps: 0, lead_hours: 0, lead_bps: 0, kept_bps: null },
      },
      totalMicros: total,
      ...(status === "held" && { holdExpiresAt: new Date(startsAt.getTime()) }),
      ...(status === "active" && { startedAt: startsAt }),
      ...data,
    },
  });
  if (status === "cancelled") return reservation;
  for (const unit of pool.units.slice(firstUnit, firstUnit + gpuCount)) {
    await createTestAllocation({ pool, unitId: unit.id, kind: "booking", reservationId: id, startsAt, endsAt });
  }
  return reservation;
}

/** For tests: one allocation, with the pool's buffers when it is a booking's. The pool's first unit unless told otherwise. */
export async function createTestAllocation({
  pool,
  unitId = pool.units[0]?.id ?? "",
  startsAt,
  endsAt,
  ...data
}: { pool: TestPool; unitId?: string; startsAt: Date; endsAt: Date } & Pick<
  Prisma.AllocationUncheckedCreateInput,
  "kind" | "reservationId" | "maintenanceId"
>): Promise<void> {
  const booking = data.kind === "booking";
  await db.allocation.create({
    data: {
      id: newId("allocation"),
      poolId: pool.id,
      unitId,
      startsAt,
      endsAt,
      blocksFrom: new Date(startsAt.getTime() - (booking ? pool.bufferBeforeMinutes * 60_000 : 0)),
      blocksTo: new Date(endsAt.getTime() + (booking ? pool.bufferAfterMinutes * 60_000 : 0)),
      ...data,
    },
  });
}

/** For tests: how many allocations of a pool overlap, and at how many times its usage is not what they sum up to. */
export async function auditPool(poolId: string): Promise<{ overlaps: number; wrongUsage: number }> {
  const [overlapping] = await db.$queryRaw<[{ found: number }]>`
    SELECT count(*)::int AS found FROM allocation a JOIN allocation b ON a.unit_id = b.unit_id AND a.id < b.id
       AND tstzrange(a.blocks_from, a.blocks_to) && tstzrange(b.blocks_from, b.blocks_to) WHERE a.pool_id = ${poolId}`;
  const [wrong] = await db.$queryRaw<[{ found: number }]>`
    WITH counted AS (
      SELECT at, sum(delta)::int AS delta FROM (
        SELECT blocks_from AS at, 1 AS delta FROM allocation WHERE pool_id = ${poolId}
        UNION ALL SELECT blocks_to, -1 FROM allocation WHERE pool_id = ${poolId}) x GROUP BY at HAVING sum(delta) <> 0)
    SELECT count(*)::int AS found FROM counted c
      FULL JOIN (SELECT at, delta FROM pool_usage WHERE pool_id = ${poolId} AND delta <> 0) u USING (at)
     WHERE c.delta IS DISTINCT FROM u.delta`;
  return { overlaps: overlapping.found, wrongUsage: wrong.found };
}
