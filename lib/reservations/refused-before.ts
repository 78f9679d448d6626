import { db } from "@/lib/db/client";
import type { AppError } from "@/lib/errors";
import type { CapacityRefused } from "@/lib/reservations/refusal";

/**
 * When many want the same and there is no room for all, the answer to the second is that to the first as long as nothing
 * has changed in the pool. So refusals are remembered for a moment with the pool's state that they hold for: a crowd does
 * not queue for a lock to learn what is known.
 */

/** Milliseconds for which a refusal is remembered; what stands in the way thaws and freezes as time passes. */
const REMEMBERED_MS = 2_000;

/** Of how many refusals at most; the oldest go first. */
const MOST = 500;

type State = { version: number; usageVersion: bigint };
type Refusal = { state: State; refused: CapacityRefused; until: number };

const refusals = new Map<string, Refusal>();
const explanations = new Map<string, { explained: Promise<AppError>; until: number }>();

/** The refusal of the same booking in the same state of the pool, if it was refused a moment ago. */
export async function refusedBefore(poolId: string, wanted: string, now?: Date): Promise<CapacityRefused | undefined> {
  const known = refusals.get(`${poolId} ${wanted}`);
  if (!known || known.until < performance.now()) return undefined;
  const state = await stateOf(poolId, now);
  return state && isSame(state, known.state) ? known.refused : undefined;
}

/** @param state of the pool before it was refused; see stateOf */
export function rememberRefusal(
  poolId: string,
  wanted: string,
  state: State | undefined,
  refused: CapacityRefused,
): void {
  if (!state || refused.pool.usageVersion !== state.usageVersion) return;
  put(refusals, `${poolId} ${wanted}`, { state, refused, until: performance.now() + REMEMBERED_MS });
}

/** The versions of a pool; undefined when a hold in it has run out, for then there is more room than they say. */
export async function stateOf(poolId: string, now?: Date): Promise<State | undefined> {
  const [row] = await db.$queryRaw<{ version: number; usage_version: bigint; dead: boolean }[]>`
    SELECT version, usage_version,
           EXISTS (SELECT 1 FROM reservation r WHERE r.pool_id = p.id AND r.status = 'held'
                      AND r.hold_expires_at <= coalesce(${now ?? null}::timestamptz, clock_timestamp())) AS dead
      FROM pool p WHERE id = ${poolId}`;
  return row && !row.dead ? { version: row.version, usageVersion: row.usage_version } : undefined;
}

/** Explains the same refusal to the same person once, however many times they ask within a moment. */
export function explainOnce(key: string, explain: () => Promise<AppError>): Promise<AppError> {
  const known = explanations.get(key);
  if (known && known.until > performance.now()) return known.explained;
  const explained = explain();
  put(explanations, key, { explained, until: performance.now() + REMEMBERED_MS });
  explained.catch(() => explanations.delete(key));
  return explained;
}

function put<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MOST && oldest !== undefined) map.delete(oldest);
}

function isSame(a: State, b: State): boolean {
  return a.version === b.version && a.usageVersion === b.usageVersion;
}
