import { addLoads, type Load, type Profile } from "@/lib/contracts/capacity-profile";
import type { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import type { PoolState } from "@/lib/reservations/pool-state";

type Client = Tx | typeof db;

type UsageRow = { pool_id: string; at: number[]; delta: number[] };

/**
 * How many GPUs of each pool are free from one time to another, from the running sum of pool_usage: as many rows as there
 * are different times, however many allocations. Where more is blocked than is sold, `free` is negative.
 */
export async function loadProfiles(
  client: Client,
  pools: readonly Pick<PoolState, "id" | "sellable">[],
  from: Date,
  to: Date,
): Promise<Map<string, Profile>> {
  // What comes later undoes what is blocked at `from`, for every allocation ends: so the past need not be read.
  const rows = await client.$queryRaw<UsageRow[]>`
    SELECT pool_id, json_agg((extract(epoch FROM at) * 1000)::bigint ORDER BY at) AS at, json_agg(delta ORDER BY at) AS delta
      FROM pool_usage
     WHERE pool_id = ANY(${pools.map(({ id }) => id)}) AND at > ${from} AND delta <> 0
     GROUP BY pool_id`;
  const usage = new Map(rows.map((row) => [row.pool_id, row]));
  return new Map(pools.map((pool) => [pool.id, toProfile(pool.sellable, usage.get(pool.id), from, to)]));
}

function toProfile(capacity: number, usage: UsageRow | undefined, from: Date, to: Date): Profile {
  const { at: times, delta } = usage ?? { at: [], delta: [] };
  let depth = -delta.reduce((sum, change) => sum + change, 0);
  const at = [from.getTime()];
  const free = [capacity - depth];
  for (let i = 0; i < times.length && (times[i] ?? 0) < to.getTime(); i += 1) {
    depth += delta[i] ?? 0;
    at.push(times[i] ?? 0);
    free.push(capacity - depth);
  }
  return { capacity, at, free };
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
