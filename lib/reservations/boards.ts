import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { type Board, boardOf } from "@/lib/reservations/planner/board";
import { ALL_TIME, loadBusy, loadLanes, type PoolState } from "@/lib/reservations/pool-state";

/**
 * Pools laid out for questions, kept by this process while nothing in them changes. For looking only: booking reads
 * everything anew under the pool's lock.
 */
type Kept = { stamp: string; madeAt: number; board: Board };

/** Time alone brings bookings under the freeze, and pinning one changes no allocation: so not for long. */
const KEPT_MS = 10_000;
/** Of all boards together, in allocations: some 40 MB. */
const MOST_KEPT = 250_000;

const kept = new Map<string, Kept>();

/** The board of the pool as it is, if this process has it. */
export function keptBoard(pool: PoolState, now: Date): Board | null {
  const found = kept.get(pool.id);
  if (found?.stamp !== stampOf(pool) || Math.abs(now.getTime() - found.madeAt) > KEPT_MS) return null;
  // The one asked for last is the last to go.
  kept.delete(pool.id);
  kept.set(pool.id, found);
  return found.board;
}

/** Everything to come in the pool, laid out. @param without a reservation to leave out of it */
export async function loadBoard(
  client: Tx | typeof db,
  pool: PoolState,
  now: Date,
  without: string | null,
): Promise<Board> {
  const [lanes, busy] = [await loadLanes(client, pool.id), await loadBusy(client, pool, now, ALL_TIME, now)];
  const rest = without === null ? busy : busy.filter(({ reservationId }) => reservationId !== without);
  const board = boardOf(lanes, rest, { together: true });
  // Inside a transaction others do not see what it sees.
  if (without === null && client === db) keep(pool, now, board);
  return board;
}

function keep(pool: PoolState, now: Date, board: Board): void {
  kept.delete(pool.id);
  kept.set(pool.id, { stamp: stampOf(pool), madeAt: now.getTime(), board });
  let size = [...kept.values()].reduce((sum, { board: { busy, lanes } }) => sum + busy.length + lanes.length, 0);
  for (const [id, { board: oldest }] of kept) {
    if (size <= MOST_KEPT || kept.size === 1) return;
    kept.delete(id);
    size -= oldest.busy.length + oldest.lanes.length;
  }
}

/** Every change of allocations raises usage_version. */
function stampOf({ usageVersion, units, rules, freezeMs }: PoolState): string {
  return `${usageVersion} ${units} ${rules.largest_node} ${freezeMs}`;
}
