import { db } from "@/lib/db/client";
import { loadPools } from "@/lib/reservations/pool-state";

/** Other pools that are tried for one that finds no room in its own. */
const POOLS_TRIED = 6;

/** Open pools whose GPUs have as much memory and cost as much: of the same type first, then the least that is enough. */
export async function poolsAsGood(poolId: string): Promise<string[]> {
  const pools = await loadPools(db);
  const own = pools.find(({ id }) => id === poolId);
  if (!own) return [];
  return pools
    .filter(
      ({ id, rules, gpuType, rateMicros }) =>
        id !== poolId && rules.open && gpuType.memoryGb >= own.gpuType.memoryGb && rateMicros >= own.rateMicros,
    )
    .toSorted(
      (a, b) =>
        Number(b.gpuType.id === own.gpuType.id) - Number(a.gpuType.id === own.gpuType.id) ||
        a.gpuType.memoryGb - b.gpuType.memoryGb ||
        Number(a.rateMicros - b.rateMicros),
    )
    .slice(0, POOLS_TRIED)
    .map(({ id }) => id);
}
