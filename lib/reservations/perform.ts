import { sqlState } from "@/lib/db/errors";
import { type Tx, transaction } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";

/** Carries the result of a dry run out of the transaction that it undoes. */
class Undo<T> extends Error {
  constructor(readonly result: T) {
    super("A dry run ends by undoing it.");
  }
}

/** Many may be waiting for connections while one pool is fought for; longer than lockPool waits. */
const MAX_WAIT_MS = 15_000;

const RETRY_AFTER_S = 2;

/**
 * Runs a change in a transaction; as a dry run in the same way, but then it is undone. What a dry run answers is therefore
 * what the change would have done, and nothing of it is announced or sent.
 * @throws AppError "unavailable" when a lock does not come
 */
export async function perform<T>(
  dryRun: boolean,
  change: (tx: Tx) => Promise<T>,
  { timeoutMs }: { timeoutMs?: number } = {},
): Promise<T> {
  try {
    return await transaction(
      async (tx) => {
        const result = await change(tx);
        if (dryRun) throw new Undo(result);
        return result;
      },
      { maxWaitMs: MAX_WAIT_MS, ...(timeoutMs !== undefined && { timeoutMs }) },
    );
  } catch (error) {
    if (error instanceof Undo) return error.result as T;
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
