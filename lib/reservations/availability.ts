import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { type Availability, type availabilityQuery, BOOKING_LIMITS } from "@/lib/contracts/availability";
import type { Profile } from "@/lib/contracts/capacity-profile";
import { db } from "@/lib/db/client";
import { AppError, invalidField } from "@/lib/errors";
import { loadPools, type PoolState } from "@/lib/reservations/pool-state";
import { loadProfiles } from "@/lib/reservations/profiles";

const DAY_MS = 86_400_000;
const DEFAULT_DAYS = 90;

/**
 * Free GPUs over time, per pool, by name. A closed pool has none to book.
 * @throws AppError "validation_failed", "not_found" for an unknown pool, "forbidden"
 */
export async function getAvailability(
  actor: Actor,
  query: z.output<typeof availabilityQuery>,
  now = new Date(),
): Promise<Availability> {
  authorise(actor, "reservations:read");
  const from = query.from === undefined ? now : new Date(query.from);
  const to = query.to === undefined ? new Date(from.getTime() + DEFAULT_DAYS * DAY_MS) : new Date(query.to);
  if (to <= from) throw invalidField("to", "It is not after `from`. Give a later time.");
  if (to.getTime() - from.getTime() > BOOKING_LIMITS.availabilityDays * DAY_MS) {
    throw invalidField("to", `Ask for at most ${BOOKING_LIMITS.availabilityDays} days at once.`);
  }
  const pools = await findPools(query);
  const profiles = await loadProfiles(db, pools, from, to);
  return {
    from: from.toISOString(),
    to: to.toISOString(),
    pools: pools
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map((pool) => ({ pool_id: pool.id, ...offered(pool, profiles.get(pool.id)) })),
  };
}

/** @throws AppError "not_found" for an unknown pool, "validation_failed" for an unknown type */
async function findPools(place: { pool_id?: string | undefined; gpu_type?: string | undefined }): Promise<PoolState[]> {
  const { pool_id, gpu_type } = place;
  const pools = await loadPools(db, { poolIds: pool_id === undefined ? undefined : [pool_id], gpuType: gpu_type });
  if (pools.length > 0) return pools;
  if (pool_id !== undefined) throw new AppError("not_found", "There is no such pool.");
  if (gpu_type !== undefined) await requireGpuType(gpu_type);
  return pools;
}

/** @throws AppError "validation_failed" when there is no GPU type with this id or name */
export async function requireGpuType(idOrName: string): Promise<void> {
  const found = await db.gpuType.findFirst({
    where: { OR: [{ id: idOrName }, { name: { equals: idOrName, mode: "insensitive" } }] },
    select: { id: true },
  });
  if (!found) throw invalidField("gpu_type", "There is no such GPU type. GET /api/v1/gpu-types lists them.");
}

/** What can be booked of it, with steps only where that changes. */
function offered(pool: PoolState, profile: Profile | undefined): Profile {
  const { capacity, at, free } = profile ?? { capacity: pool.sellable, at: [], free: [] };
  const kept: Profile = { capacity, at: [], free: [] };
  for (const [i, time] of at.entries()) {
    const bookable = pool.rules.open ? Math.max(0, free[i] ?? 0) : 0;
    if (bookable === kept.free.at(-1)) continue;
    kept.at.push(time);
    kept.free.push(bookable);
  }
  return kept;
}
