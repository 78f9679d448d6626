import { AppError } from "@/lib/errors";

/**
 * How many transactions of this process work on one pool at a time. They wait for the pool's lock one after another
 * anyway; more of them would only keep the connections that bookings in other pools need. One beside the one that works
 * is ready to go on at once.
 */
const AT_ONCE = 2;

/** Milliseconds after which a request that waits for its turn is told to come back. */
const WAIT_MS = 10_000;

const RETRY_AFTER_S = 3;

type Line = { working: number; waiting: (() => void)[] };

const lines = new Map<string, Line>();

/**
 * Runs work on a pool when it is its turn in this process; first come, first served.
 * @throws AppError "unavailable" with a time to try again, when its turn does not come
 */
export async function inTurn<T>(poolId: string, work: () => Promise<T>): Promise<T> {
  await turn(poolId);
  try {
    return await work();
  } finally {
    pass(poolId);
  }
}

/** The same for work on several pools: one turn after the other in the order of their ids, as their locks are taken. */
export function inTurns<T>(poolIds: readonly string[], work: () => Promise<T>): Promise<T> {
  const [first, ...rest] = [...poolIds].sort();
  return first === undefined ? work() : inTurn(first, () => inTurns(rest, work));
}

function turn(poolId: string): Promise<void> {
  const line = lines.get(poolId) ?? { working: 0, waiting: [] };
  lines.set(poolId, line);
  if (line.working < AT_ONCE) {
    line.working += 1;
    return Promise.resolve();
  }
  return new Promise((resolve, reject) => {
    const go = () => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(() => {
      line.waiting.splice(line.waiting.indexOf(go), 1);
      reject(
        new AppError("unavailable", "Many bookings are being made in this pool at this moment. Try again shortly.", {
          retryAfterS: RETRY_AFTER_S,
        }),
      );
    }, WAIT_MS);
    line.waiting.push(go);
  });
}

function pass(poolId: string): void {
  const line = lines.get(poolId);
  if (!line) return;
  const next = line.waiting.shift();
  if (next) {
    next();
    return;
  }
  line.working -= 1;
  if (line.working === 0) lines.delete(poolId);
}
