import { addLoads, type Load, type Profile } from "@/lib/contracts/capacity-profile";
import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { Kept } from "@/lib/reservations/kept";
import type { PoolState } from "@/lib/reservations/pool-state";

type Client = Tx | typeof db;
type Pool = Pick<PoolState, "id" | "sellable" | "usageVersion">;

/** How many units of a pool are blocked from a time on: `depth[i]` from `at[i]` until `at[i + 1]`. */
type Usage = { version: bigint; since: number; at: number[]; depth: number[] };

/** Read at once, so that asking for a little earlier does not mean reading again. */
const MARGIN_MS = 86_400_000;
const MOST_KEPT = 500;

/** What this process has read. A pool's usage_version tells whether it still holds, so this is never out of date. */
const kept = new Kept<Usage>(MOST_KEPT);

/**
 * How many GPUs of each pool are free from one time to another, from the running sum of pool_usage: as many rows as there
 * are different times, however many allocations. Where more is blocked than is sold, `free` is negative.
 */
export async function loadProfiles(
  client: Client,
  pools: readonly Pool[],
  from: Date,
  to: Date,
): Promise<Map<string, Profile>> {
  const usage = await loadUsage(client, pools, from);
  return new Map(pools.map((pool) => [pool.id, toProfile(pool.sellable, usage.get(pool.id), from, to)]));
}

async function loadUsage(client: Client, pools: readonly Pool[], from: Date): Promise<Map<string, Usage>> {
  const usage = new Map<string, Usage>();
  for (const pool of pools) {
    const known = kept.get(pool.id);
    if (known?.version === pool.usageVersion && known.since <= from.getTime()) usage.set(pool.id, known);
  }
  const missing = pools.filter(({ id }) => !usage.has(id));
  if (missing.length === 0) return usage;
  const since = from.getTime() - MARGIN_MS;
  const rows = await client.$queryRaw<{ pool_id: string; at: string; delta: string }[]>`
    SELECT pool_id, string_agg(((date_part('epoch', at) * 1000)::bigint)::text, ' ' ORDER BY at) AS at,
           string_agg(delta::text, ' ' ORDER BY at) AS delta
      FROM pool_usage
     WHERE pool_id = ANY(${missing.map(({ id }) => id)}) AND at > ${new Date(since)} AND delta <> 0
     GROUP BY pool_id`;
  const found = new Map(
    rows.map(({ pool_id, at, delta }) => [pool_id, { at: numbersOf(at), delta: numbersOf(delta) }]),
  );
  for (const { id, usageVersion } of missing) {
    const { at, delta } = found.get(id) ?? { at: [], delta: [] };
    const read: Usage = { version: usageVersion, since, ...depthOf(since, at, delta) };
    usage.set(id, read);
    // Inside a transaction others do not see what it sees.
    if (client === db) kept.set(id, read);
  }
  return usage;
}

function numbersOf(text: string): number[] {
  return text.split(" ").map(Number);
}

/** What comes later undoes what is blocked now, for every allocation ends: so what was before need not be read. */
function depthOf(since: number, at: number[], delta: readonly number[]): Pick<Usage, "at" | "depth"> {
  let blocked = delta.reduce((sum, change) => sum - change, 0);
  const depth = [blocked];
  for (const change of delta) {
    blocked += change;
    depth.push(blocked);
  }
  return { at: [since, ...at], depth };
}

function toProfile(capacity: number, usage: Usage | undefined, from: Date, to: Date): Profile {
  const { at, depth } = usage ?? { at: [from.getTime()], depth: [0] };
  const first = countUpTo(at, from.getTime()) - 1;
  const end = Math.max(first + 1, countUpTo(at, to.getTime() - 1));
  const times = at.slice(first, end);
  times[0] = from.getTime();
  return { capacity, at: times, free: depth.slice(first, end).map((blocked) => capacity - blocked) };
}

/** How many of the rising times are not after this one. */
function countUpTo(times: readonly number[], at: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((times[middle] ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The profile as it would be without a reservation: what that has is not in its own way. */
export async function withoutReservation(client: Client, profile: Profile, reservationId: string): Promise<Profile> {
  const rows = await client.allocation.findMany({
    where: { reservationId },
    select: { blocksFrom: true, blocksTo: true },
  });
  const loads = rows.map(
    ({ blocksFrom, blocksTo }): Load => ({ from: blocksFrom.getTime(), to: blocksTo.getTime(), count: 1 }),
  );
  return addLoads(profile, loads);
}
