import { db } from "@/lib/db/client";
import type { Pool, Prisma } from "@/lib/generated/prisma/client";
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
