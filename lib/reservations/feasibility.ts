import type { Topology } from "@/lib/contracts/availability";
import { floorTo, gridMs, START_GRACE_MS } from "@/lib/contracts/booking-rules";
import type { Profile } from "@/lib/contracts/capacity-profile";
import type { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { type Busy, type Lane, type Placement, place, type Want } from "@/lib/reservations/planner/place";
import {
  intersect,
  rangesByDepth,
  rangesByLanes,
  type StartRange,
  type StartRequest,
} from "@/lib/reservations/planner/start-ranges";
import { ALL_TIME, loadBusy, loadLanes, type PoolState } from "@/lib/reservations/pool-state";
import { loadProfiles, withoutReservation } from "@/lib/reservations/profiles";
import type { Part } from "@/lib/reservations/segments";

type Client = Tx | typeof db;

/** What somebody would like to book; without buffers. */
export type Shape = { parts: readonly Part[]; topology: Topology };

/** A pool in which something is to be placed; its lanes and all that is to come are read when they are needed first. */
export type Ground = {
  pool: PoolState;
  now: Date;
  /** A reservation that is to be changed: what it has is not in its own way. */
  without: string | null;
  lanes: () => Promise<Lane[]>;
  /** Everything to come, for moving others. */
  busy: () => Promise<Busy[]>;
};

/** With how many GPUs are free from now on; negative where more is blocked than is sold. */
export type Site = Ground & { profile: Profile };

const DAY_MS = 86_400_000;

export function openGround(client: Client, pool: PoolState, now: Date, without: string | null = null): Ground {
  return {
    pool,
    now,
    without,
    lanes: once(() => loadLanes(client, pool.id)),
    busy: once(async () => notOf(await loadBusy(client, pool, now, ALL_TIME, now), without)),
  };
}

/** Pools with what is free in them from now to their horizons. */
export async function openSites(
  client: Client,
  pools: readonly PoolState[],
  now: Date,
  without: string | null = null,
): Promise<Site[]> {
  // A booking that starts now was being set up before.
  const earliest = now.getTime() - START_GRACE_MS - Math.max(0, ...pools.map(({ bufferBeforeMs }) => bufferBeforeMs));
  const profiles = await loadProfiles(client, pools, new Date(earliest), ALL_TIME);
  return Promise.all(
    pools.map(async (pool) => {
      const profile = profiles.get(pool.id) ?? { capacity: 0, at: [], free: [] };
      return {
        ...openGround(client, pool, now, without),
        profile: without === null ? profile : await withoutReservation(client, profile, without),
      };
    }),
  );
}

/** The latest end that the pool takes. */
export function horizonOf({ pool, now }: Site): number {
  return floorTo(now.getTime() + pool.rules.horizon_days * DAY_MS, gridMs(pool.rules));
}

/** The want of a shape in a pool: with the pool's buffers. */
export function toWant(pool: PoolState, { parts, topology }: Shape): Want {
  return {
    segments: parts.map(({ from, to, count }) => ({
      from: from - pool.bufferBeforeMs,
      to: to + pool.bufferAfterMs,
      count,
    })),
    topology,
  };
}

/** Whether and how the shape would be booked now: the very decision that booking makes under the pool's lock. */
export async function tryPlacing(client: Client, ground: Ground, shape: Shape): Promise<Placement> {
  const { pool, now, without } = ground;
  const want = toWant(pool, shape);
  const from = Math.min(...want.segments.map((segment) => segment.from));
  const to = Math.max(...want.segments.map((segment) => segment.to));
  const lanes = await ground.lanes();
  const busy = notOf(await loadBusy(client, pool, new Date(from), new Date(to), now), without);
  const placement = place(lanes, pool.sellable, busy, want);
  if (placement.ok || placement.reason === "capacity") return placement;
  return placeMoving(ground, shape);
}

/** The same, knowing everything to come: others may be moved. */
export async function placeMoving(ground: Ground, shape: Shape): Promise<Placement> {
  return place(await ground.lanes(), ground.pool.sellable, await ground.busy(), toWant(ground.pool, shape));
}

type FreeRow = { n: number; total: number; best_node: number };

/** One after the other: whether the shape (of one part) fits without moving anything. One statement for all. */
export async function fitDirectly(
  client: Client,
  asked: readonly { site: Site; part: Part; topology: Topology }[],
): Promise<boolean[]> {
  if (asked.length === 0) return [];
  const rows = await client.$queryRaw<FreeRow[]>`
    SELECT w.n::int AS n, coalesce(sum(f.free), 0)::int AS total, coalesce(max(f.free), 0)::int AS best_node
      FROM unnest(${asked.map(({ site }) => site.pool.id)}::text[],
                  ${asked.map(({ site, part }) => new Date(part.from - site.pool.bufferBeforeMs))}::timestamptz[],
                  ${asked.map(({ site, part }) => new Date(part.to + site.pool.bufferAfterMs))}::timestamptz[],
                  ${asked.map(({ site }) => site.without ?? "")}::text[])
           WITH ORDINALITY AS w(pool_id, from_at, to_at, without, n)
      LEFT JOIN LATERAL (
        SELECT count(*) AS free FROM unit u
         WHERE u.pool_id = w.pool_id AND u.retired_at IS NULL AND u.id NOT IN (
           SELECT a.unit_id FROM allocation a
            WHERE a.pool_id = w.pool_id AND a.blocks_to > w.from_at AND a.blocks_from < w.to_at
              AND a.reservation_id IS DISTINCT FROM w.without)
         GROUP BY u.node_id) f ON true
     GROUP BY w.n`;
  const byNumber = new Map(rows.map((row) => [row.n, row]));
  return asked.map(({ part, topology }, i) => {
    const free = byNumber.get(i + 1);
    return ((topology === "single_node" ? free?.best_node : free?.total) ?? 0) >= part.count;
  });
}

/** When it could start as far as the numbers go; booking may still find no lane. */
export function possibleStarts({ pool, profile }: Site, request: Omit<StartRequest, BufferKeys>): StartRange[] {
  return rangesByDepth(profile, withBuffers(pool, request));
}

/** When it could certainly start: without moving anything, and within what is sold. */
export async function certainStarts(
  site: Site,
  request: Omit<StartRequest, BufferKeys>,
  topology: Topology,
): Promise<StartRange[]> {
  const asked = withBuffers(site.pool, request);
  const byLanes = rangesByLanes(await site.lanes(), await site.busy(), {
    ...asked,
    oneNode: topology === "single_node",
  });
  return intersect(byLanes, rangesByDepth(site.profile, asked));
}

type BufferKeys = "bufferBeforeMs" | "bufferAfterMs";

function withBuffers({ bufferBeforeMs, bufferAfterMs }: PoolState, request: Omit<StartRequest, BufferKeys>) {
  return { ...request, bufferBeforeMs, bufferAfterMs };
}

function notOf(busy: Busy[], reservationId: string | null): Busy[] {
  return reservationId === null ? busy : busy.filter((item) => item.reservationId !== reservationId);
}

/** Remembers what is loaded, so that it is loaded at most once. */
function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
