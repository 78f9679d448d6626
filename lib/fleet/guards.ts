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
