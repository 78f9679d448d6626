import type { z } from "zod";
import type { Administrator } from "@/lib/accounts/admin";
import { FLEET_LIMITS, type GpuType } from "@/lib/contracts/fleet";
import type { createGpuTypeBody, updateGpuTypeBody } from "@/lib/contracts/fleet-admin";
import { transaction } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { lockFleet, withFreeName } from "@/lib/fleet/guards";
import { toGpuType } from "@/lib/fleet/view";
import { newId } from "@/lib/ids";
import { announcePools } from "@/lib/live/channel";
import { log } from "@/lib/log";

/** @throws AppError "validation_failed" for a name that is taken; "conflict" at the limit */
export async function createGpuType(
  { subject }: Administrator,
  { name, memory_gb }: z.output<typeof createGpuTypeBody>,
): Promise<GpuType> {
  const row = await withFreeName("GPU type", name, () =>
    transaction(async (tx) => {
      await lockFleet(tx);
      if ((await tx.gpuType.count()) >= FLEET_LIMITS.gpuTypes) {
        throw new AppError(
          "conflict",
          `There are ${FLEET_LIMITS.gpuTypes} GPU types, the most there can be; remove one.`,
        );
      }
      return tx.gpuType.create({ data: { id: newId("gpuType"), name, memoryGb: memory_gb } });
    }),
  );
  log.info({ by: subject.id, gpu_type: row.id, name }, "an administrator added a GPU type");
  return toGpuType(row);
}

/** @throws AppError "not_found"; "validation_failed" for a name that is taken */
export async function updateGpuType(
  { subject }: Administrator,
  gpuTypeId: string,
  { name, memory_gb }: z.output<typeof updateGpuTypeBody>,
): Promise<GpuType> {
  const { row, poolIds } = await withFreeName("GPU type", name ?? "", () =>
    transaction(async (tx) => {
      const data = { ...(name !== undefined && { name }), ...(memory_gb !== undefined && { memoryGb: memory_gb }) };
      const [row] = await tx.gpuType.updateManyAndReturn({ where: { id: gpuTypeId }, data });
      if (!row) throw noGpuType();
      const pools = await tx.pool.findMany({ where: { gpuTypeId }, select: { id: true } });
      return { row, poolIds: pools.map(({ id }) => id) };
    }),
  );
  log.info({ by: subject.id, gpu_type: gpuTypeId }, "an administrator changed a GPU type");
  announcePools(poolIds);
  return toGpuType(row);
}

/** @throws AppError "not_found"; "conflict" while a pool has it */
export async function deleteGpuType({ subject }: Administrator, gpuTypeId: string): Promise<void> {
  await transaction(async (tx) => {
    await lockFleet(tx);
    const row = await tx.gpuType.findUnique({
      where: { id: gpuTypeId },
      include: {
        pools: { select: { name: true }, orderBy: { name: "asc" }, take: 3 },
        _count: { select: { pools: true } },
      },
    });
    if (!row) throw noGpuType();
    if (row._count.pools > 0) {
      const names = row.pools.map(({ name }) => `"${name}"`).join(", ");
      const more = row._count.pools - row.pools.length;
      throw new AppError(
        "conflict",
        `${row.name} is the type of ${names}${more > 0 ? ` and ${more} more` : ""}. Only a type without pools can be removed.`,
      );
    }
    await tx.gpuType.delete({ where: { id: gpuTypeId } });
  });
  log.info({ by: subject.id, gpu_type: gpuTypeId }, "an administrator removed a GPU type");
}

function noGpuType(): AppError {
  return new AppError("not_found", "There is no such GPU type.");
}
