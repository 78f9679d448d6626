import { AsyncLocalStorage } from "node:async_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { db } from "@/lib/db/client";
import { isConflict } from "@/lib/db/errors";
import type { Prisma } from "@/lib/generated/prisma/client";
import { log } from "@/lib/log";

/** The client inside a transaction. */
export type Tx = Prisma.TransactionClient;

export type TransactionOptions = {
  /** READ COMMITTED, PostgreSQL's default, unless told otherwise. */
  isolation?: Prisma.TransactionIsolationLevel;
  /** Milliseconds that the callback may take. */
  timeoutMs?: number;
  /** Milliseconds to wait for a free connection. */
  maxWaitMs?: number;
  /**
   * Undone when the callback is through: its result is then what the change would have done, by the very same way, and
   * nothing registered with `afterCommit` happens.
   */
  dryRun?: boolean;
};

/** Carries the result of a dry run out of the transaction that it undoes. */
class Undo<T> extends Error {
  constructor(readonly result: T) {
    super("A dry run ends by undoing it.");
  }
}

type Hook = () => void | Promise<void>;

const TIMEOUT_MS = 10_000;
const MAX_WAIT_MS = 5_000;
const ATTEMPTS = 10;
const BACKOFF_FIRST_MS = 5;
const BACKOFF_LAST_MS = 500;

const hooksOf = new WeakMap<Tx, Hook[]>();

type Companion = (tx: Tx) => Promise<void>;

const companions = new AsyncLocalStorage<{ companion: Companion | undefined }>();

/**
 * Runs `work`, each of whose transactions ends with the companion's statements, just before its commit: what they store is
 * stored if and only if the change is. What they throw undoes the transaction. Dry runs have none.
 */
export async function withCompanion<T>(companion: Companion, work: () => Promise<T>): Promise<T> {
  const scope: { companion: Companion | undefined } = { companion };
  try {
    return await companions.run(scope, work);
  } finally {
    // Timers and loops that the work was the first to start go on in its scope, and have nothing to do with it.
    scope.companion = undefined;
  }
}

/**
 * Runs the callback in one database transaction: all of it is stored or nothing. It is repeated as a whole when
 * PostgreSQL reports a serialization failure or a deadlock, so it must have no effects other than through `tx`; what
 * is to happen outside the database goes into `afterCommit`. An error inside it must not be caught and passed over:
 * PostgreSQL has given up the transaction by then, and the commit fails.
 */
export async function transaction<T>(fn: (tx: Tx) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    const hooks: Hook[] = [];
    try {
      const result = await db.$transaction(
        async (tx) => {
          hooksOf.set(tx, hooks);
          const result = await fn(tx);
          if (options.dryRun) throw new Undo(result);
          await companions.getStore()?.companion?.(tx);
          return result;
        },
        {
          // Not named where the server's default will do: naming it costs a round trip.
          ...(options.isolation ? { isolationLevel: options.isolation } : {}),
          timeout: options.timeoutMs ?? TIMEOUT_MS,
          maxWait: options.maxWaitMs ?? MAX_WAIT_MS,
        },
      );
      await runHooks(hooks);
      return result;
    } catch (error) {
      if (error instanceof Undo) return error.result as T;
      if (attempt >= ATTEMPTS || !isConflict(error)) throw error;
      // Full jitter: those that collided must not meet again.
      await sleep(Math.random() * Math.min(BACKOFF_LAST_MS, BACKOFF_FIRST_MS * 2 ** attempt));
    }
  }
}

/**
 * Registers work to be done once after the transaction has been committed, in the order of registration, before
 * `transaction` returns. Dropped when the transaction is rolled back or repeated. Its errors are logged: the change is
 * stored, so the caller must not be told otherwise.
 */
export function afterCommit(tx: Tx, hook: Hook): void {
  const hooks = hooksOf.get(tx);
  if (!hooks) throw new Error("afterCommit needs the client that transaction() passed to its callback.");
  hooks.push(hook);
}

async function runHooks(hooks: Hook[]): Promise<void> {
  for (const hook of hooks) {
    try {
      await hook();
    } catch (err) {
      log.error({ err }, "work after a commit failed");
    }
  }
}
