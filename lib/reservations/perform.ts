import { type Tx, transaction } from "@/lib/db/transaction";

/** Carries the result of a dry run out of the transaction that it undoes. */
class Undo<T> extends Error {
  constructor(readonly result: T) {
    super("A dry run ends by undoing it.");
  }
}

/** Many may be waiting for connections while one pool is fought for; longer than lockPool waits. */
const MAX_WAIT_MS = 15_000;

/**
 * Runs a change in a transaction; as a dry run in the same way, but then it is undone. What a dry run answers is therefore
 * what the change would have done, and nothing of it is announced or sent.
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
    throw error;
  }
}
