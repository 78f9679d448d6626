import type { Availability, AvailabilityProfile } from "@/lib/contracts/availability";
import { minFree } from "@/lib/contracts/capacity-profile";
import type { Pool } from "@/lib/contracts/fleet";
import { addDays, startOfDay } from "@/lib/contracts/zones";

export const STRIP_DAYS = 90;

/** How full a day is, for a pattern that needs no colour. */
export type Fullness = "none" | "short" | "little" | "half" | "much";

export type StripCell = { day: number; free: number; fullness: Fullness };
/** A line of the strip: a pool, or all pools of a type. */
export type StripRow = {
  id: string;
  name: string;
  note: string;
  /** Of a type: its pools. */
  poolIds: string[];
  capacity: number;
  cells: StripCell[];
};

type Grouping = { per: "pool" | "type"; zone: string; gpus: number };

/** The first moments of the days of the strip, today's first, and the end of the last. */
export function stripDays(zone: string, now: number): number[] {
  const today = startOfDay(zone, now);
  return Array.from({ length: STRIP_DAYS + 1 }, (_, i) => (i === 0 ? today : addDays(zone, today, i)));
}

/** The least that is free on each day, per pool or per type; of a type, what its pools have free at one time together. */
export function stripRows(
  availability: Availability,
  pools: readonly Pool[],
  days: readonly number[],
  { per, gpus }: Grouping,
): StripRow[] {
  const profiles = new Map(availability.pools.map((profile) => [profile.pool_id, profile]));
  const groups = new Map<string, { name: string; note: string; pools: Pool[] }>();
  for (const pool of pools) {
    const key = per === "pool" ? pool.id : pool.gpu_type.id;
    const group = groups.get(key) ?? {
      name: per === "pool" ? pool.name : pool.gpu_type.name,
      note: per === "pool" ? pool.gpu_type.name : "",
      pools: [],
    };
    group.pools.push(pool);
    groups.set(key, group);
  }
  const known = Date.parse(availability.from);
  return [...groups].map(([id, group]) => {
    const own = group.pools.map((pool) => profiles.get(pool.id)).filter((profile) => profile !== undefined);
    const profile = sumOf(own);
    const cells = days.slice(0, -1).map((day, i) => {
      // Of today only what is still to come counts.
      const free = Math.max(0, minFree(profile, Math.max(day, known), days[i + 1] ?? day));
      return { day, free, fullness: fullnessOf(free, profile.capacity, gpus) };
    });
    const note = per === "pool" ? group.note : `${group.pools.length} ${group.pools.length === 1 ? "pool" : "pools"}`;
    return {
      id,
      name: group.name,
      note,
      poolIds: group.pools.map((pool) => pool.id),
      capacity: profile.capacity,
      cells,
    };
  });
}

/** What several pools have free together, over time. */
export function sumOf(profiles: readonly Pick<AvailabilityProfile, "capacity" | "at" | "free">[]) {
  const at = [...new Set(profiles.flatMap((profile) => profile.at))].sort((a, b) => a - b);
  const places = profiles.map(() => -1);
  const free = at.map((time) =>
    profiles.reduce((sum, profile, i) => {
      let place = places[i] ?? -1;
      while ((profile.at[place + 1] ?? Number.POSITIVE_INFINITY) <= time) place += 1;
      places[i] = place;
      return sum + (profile.free[place] ?? 0);
    }, 0),
  );
  return { capacity: profiles.reduce((sum, { capacity }) => sum + capacity, 0), at, free };
}

/** Nothing; not enough for what is asked; and then by the share that is free. */
export function fullnessOf(free: number, capacity: number, gpus: number): Fullness {
  if (free <= 0) return "none";
  if (free < gpus) return "short";
  const share = free / Math.max(capacity, 1);
  return share < 1 / 3 ? "little" : share < 2 / 3 ? "half" : "much";
}
