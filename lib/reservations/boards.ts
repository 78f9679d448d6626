import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { log } from "@/lib/log";
import { Kept } from "@/lib/reservations/kept";
import { type Board, boardOf } from "@/lib/reservations/planner/board";
import type { Busy, Want } from "@/lib/reservations/planner/place";
import { sampleOf, suitsSample } from "@/lib/reservations/planner/sample";
import { ALL_TIME, keptLanes, loadBusy, type PoolState } from "@/lib/reservations/pool-state";

/** What is left out and between which times a pool is laid out. */
type Asked = { now: Date; from: Date; to: Date; without: string | null };

/** Time alone brings bookings under the freeze, and pinning one changes no allocation: so not for long. */
const KEPT_MS = 10_000;
/** Of all boards together, in allocations and units: some 40 MB. */
const MOST_KEPT = 250_000;
const MOST_LOOKED_AT = 500;

/**
 * Pools laid out for questions, kept by this process while nothing in them changes. For looking only: booking reads
 * everything anew under the pool's lock.
 */
const boards = new Kept<{ stamp: string; madeAt: number; board: Board }>(
  MOST_KEPT,
  ({ board: { busy, lanes } }) => busy.length + lanes.length,
);

/** As what each pool was when a part of it was laid out last. */
const lookedAt = new Kept<string>(MOST_LOOKED_AT);

/** Pools that are being laid out ahead of those who may ask. */
const preparing = new Set<string>();

/** The board of the pool as it is, if this process has it. */
export function keptBoard(pool: PoolState, now: Date): Board | null {
  const found = boards.get(pool.id);
  if (found?.stamp !== stampOf(pool) || Math.abs(now.getTime() - found.madeAt) > KEPT_MS) return null;
  return found.board;
}

/** Everything to come in the pool, laid out. @param without a reservation to leave out of it */
export async function loadBoard(
  client: Tx | typeof db,
  pool: PoolState,
  { now, without }: Pick<Asked, "now" | "without">,
): Promise<Board> {
  const board = await layOut(client, pool, { now, from: now, to: ALL_TIME, without });
  // Inside a transaction others do not see what it sees.
  if (without === null && client === db) {
    boards.set(pool.id, { stamp: stampOf(pool), madeAt: now.getTime(), board });
  }
  return board;
}

/** What lies between two times, laid out; movable is what lies within them whole. */
export async function layOut(client: Tx | typeof db, pool: PoolState, asked: Asked): Promise<Board> {
  const { now, from, to, without } = asked;
  const [busy, lanes] = await Promise.all([loadBusy(client, pool, from, to, now), keptLanes(client, pool)]);
  return boardOf(lanes, leaveOut(busy, without), { together: true });
}

/** The same of a sample of the pool; null where there is too little of it, or too much is wanted. */
export async function layOutSample(
  client: Tx | typeof db,
  pool: PoolState,
  { now, from, to, without }: Asked,
  want: Want,
): Promise<Board | null> {
  const sample = sampleOf(await keptLanes(client, pool));
  if (!sample || !suitsSample(sample, want)) return null;
  const busy = await loadBusy(
    client,
    pool,
    from,
    to,
    now,
    sample.map(({ id }) => id),
  );
  return boardOf(sample, leaveOut(busy, without), { together: true });
}

function leaveOut(busy: Busy[], without: string | null): Busy[] {
  return without === null ? busy : busy.filter(({ reservationId }) => reservationId !== without);
}

/**
 * To be called when somebody needs a part of the pool laid out. The second time that happens to the pool as it is, all of
 * it is laid out for those who come after; nobody waits for that.
 */
export function prepareBoard(pool: PoolState, now: Date): void {
  const stamp = stampOf(pool);
  const again = lookedAt.get(pool.id) === stamp;
  lookedAt.set(pool.id, stamp);
  if (!again || preparing.has(pool.id)) return;
  preparing.add(pool.id);
  loadBoard(db, pool, { now, without: null })
    .catch((error: unknown) => log.warn({ err: error, pool_id: pool.id }, "a pool could not be laid out ahead"))
    .finally(() => preparing.delete(pool.id));
}

/** Every change of allocations raises usage_version. */
function stampOf({ usageVersion, units, rules, freezeMs }: PoolState): string {
  return `${usageVersion} ${units} ${rules.largest_node} ${freezeMs}`;
}
