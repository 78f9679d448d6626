import { db } from "@/lib/db/client";
import { databaseNow } from "@/lib/db/clock";
import type { Tx } from "@/lib/db/transaction";
import { AppError, invalidField } from "@/lib/errors";
import { findUnits } from "@/lib/reservations/claim";
import { type BookingRequest, invalid, partsOf } from "@/lib/reservations/create";
import { loadPools, type PoolState } from "@/lib/reservations/pool-state";
import { CapacityRefused } from "@/lib/reservations/refusal";

type Place = Pick<BookingRequest, "pool_id" | "gpu_type" | "quote_id">;

/**
 * The pools in which a booking may be made, the first choice first: the one named, the quote's, or those of the type by
 * price.
 * @throws AppError "validation_failed" when there is none
 */
export async function candidatePools(projectId: string, place: Place): Promise<string[]> {
  return (await candidates(db, projectId, place)).map(({ id }) => id);
}

/**
 * The one pool for a booking inside a transaction, where trying one after the other would lock them all: the first choice
 * that has room as things stand without any lock.
 * @throws AppError "validation_failed"
 */
export async function choosePool(tx: Tx, projectId: string, request: BookingRequest, now?: Date): Promise<string> {
  const pools = await candidates(tx, projectId, request);
  const [first] = pools;
  if (!first) throw invalidField("gpu_type", "There is no pool of this type.");
  if (pools.length === 1) return first.id;
  const at = now ?? (await databaseNow(tx));
  const parts = partsOf(request);
  for (const pool of pools) {
    try {
      await findUnits({ tx, now: at }, { pool, parts, topology: request.topology });
      return pool.id;
    } catch (error) {
      if (!(error instanceof CapacityRefused)) throw error;
    }
  }
  return first.id;
}

async function candidates(client: Tx | typeof db, projectId: string, place: Place): Promise<PoolState[]> {
  const { pool_id: poolId, gpu_type: gpuType, quote_id: quoteId } = place;
  if (poolId !== undefined && gpuType !== undefined) {
    throw invalid([{ field: "gpu_type", message: "Leave it out: the pool says it. Or leave pool_id out." }]);
  }
  if (poolId !== undefined) {
    const pools = await loadPools(client, { poolIds: [poolId] });
    if (pools.length === 0) throw invalidField("pool_id", "There is no such pool.");
    return pools;
  }
  if (quoteId !== undefined) {
    const quote = await client.quote.findFirst({ where: { id: quoteId, projectId }, select: { poolId: true } });
    if (!quote) throw invalidField("quote_id", "There is no such quote in this project.");
    const pools = await loadPools(client, { poolIds: [quote.poolId], gpuType });
    if (pools.length === 0) throw invalidField("gpu_type", "The quote is for a pool of another type.");
    return pools;
  }
  if (gpuType === undefined) throw invalidField("pool_id", "Give the pool, or a gpu_type: any pool of it then.");
  const pools = await loadPools(client, { gpuType });
  if (pools.length === 0) throw invalidField("gpu_type", "There is no pool with GPUs of this type.");
  const open = pools.filter(({ rules }) => rules.open);
  if (open.length > 0) return open;
  throw new AppError("conflict", "No pool with GPUs of this type takes new bookings at present.");
}
