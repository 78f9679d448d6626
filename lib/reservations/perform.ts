import { sqlState } from "@/lib/db/errors";
import { type Tx, transaction } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";

/** Many may be waiting for connections while one pool is fought for; longer than lockPool waits. */
const MAX_WAIT_MS = 15_000;

const RETRY_AFTER_S = 2;

/**
 * Runs a change in a transaction that many may want at once.
 * @throws AppError "unavailable" when a lock does not come
 */
export async function perform<T>(
  dryRun: boolean,
  change: (tx: Tx) => Promise<T>,
  { timeoutMs }: { timeoutMs?: number } = {},
): Promise<T> {
  try {
    return await transaction(change, { maxWaitMs: MAX_WAIT_MS, dryRun, ...(timeoutMs !== undefined && { timeoutMs }) });
  } catch (error) {
    // The pool's lock was had, but something else of it took too long: what a booking locks is meant for milliseconds.
    if (sqlState(error) === "55P03") {
      throw new AppError(
        "unavailable",
        "Many bookings are being made at this moment. Nothing was changed; try again.",
        {
          retryAfterS: RETRY_AFTER_S,
        },
      );
    }
    throw error;
  }
}
