import { isUniqueViolation } from "@/lib/db/errors";
import type { Tx } from "@/lib/db/transaction";
import { invalidField } from "@/lib/errors";

/**
 * Held until the transaction ends: types and pools are counted, added and removed one after another, or the limits would
 * be passed. Taken before any pool's lock.
 */
export async function lockFleet(tx: Tx): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('fleet', 0))`;
}

/** @throws AppError "validation_failed" on `name` when the write meets a name that is taken */
export async function withFreeName<T>(what: string, name: string, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    if (isUniqueViolation(error)) {
      throw invalidField("name", `There is a ${what} "${name}" already; choose another name.`);
    }
    throw error;
  }
}

/** The most units of a pool that are booked at any moment from now on, and from when. Needs the pool's lock to stay true. */
export async function mostBooked(tx: Tx, poolId: string, now: Date): Promise<{ units: number; from: Date }> {
  const [most] = await tx.$queryRaw<{ units: number; from: Date }[]>`
    SELECT units, at AS from FROM (
      SELECT at, sum(sum(delta)) OVER (ORDER BY at)::int AS units FROM (
        SELECT greatest(blocks_from, ${now}) AS at, 1 AS delta FROM allocation
         WHERE pool_id = ${poolId} AND kind = 'booking' AND blocks_to > ${now}
        UNION ALL
        SELECT blocks_to, -1 FROM allocation
         WHERE pool_id = ${poolId} AND kind = 'booking' AND blocks_to > ${now}) changes
       GROUP BY at) depths
     ORDER BY units DESC, at LIMIT 1`;
  return most ?? { units: 0, from: now };
}
