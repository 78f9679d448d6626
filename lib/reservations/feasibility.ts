import type { Topology } from "@/lib/contracts/availability";
import { floorTo, gridMs, START_GRACE_MS } from "@/lib/contracts/booking-rules";
import { minFree, type Profile } from "@/lib/contracts/capacity-profile";
import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { keptBoard, layOut, layOutSample, loadBoard, prepareBoard } from "@/lib/reservations/boards";
import type { Board } from "@/lib/reservations/planner/board";
import { hasFreeLanes } from "@/lib/reservations/planner/choose";
import { findRoom, type Placement, placeOn, type Want } from "@/lib/reservations/planner/place";
import {
  intersect,
  rangesByDepth,
  rangesByLanes,
  type StartRange,
  type StartRequest,
} from "@/lib/reservations/planner/start-ranges";
import { ALL_TIME, type PoolState } from "@/lib/reservations/pool-state";
import { loadProfiles, withoutReservation } from "@/lib/reservations/profiles";
import { type Part, spanOf } from "@/lib/reservations/segments";

type Client = Tx | typeof db;

/** What somebody would like to book; without buffers. */
export type Shape = { parts: readonly Part[]; topology: Topology };

/** A pool as it is looked at once: by number first, lane by lane only when that is needed. */
export type Site = {
  pool: PoolState;
  now: Date;
  /** How many GPUs are free from now on; negative where more is blocked than is sold. */
  profile: Profile;
  /** A reservation that is to be changed: what it has is not in its own way. */
  without: string | null;
  /** Everything to come, lane by lane. */
  board: () => Promise<Board>;
  /** The same, if it is at hand. */
  boardAtHand: () => Board | null;
  /** Only what lies between two times: a fraction of it, in which only what lies within them can be moved. */
  boardWithin: (from: number, to: number) => Promise<Board>;
  /** That of a sample of the pool's nodes, where there are many more and the want is small. */
  sampleWithin: (from: number, to: number, want: Want) => Promise<Board | null>;
};

/** Whether something could be booked now, and if not, why; of a placement no more is told. */
export type Verdict = { ok: true } | Extract<Placement, { ok: false }>;

const DAY_MS = 86_400_000;

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
      const own = without === null ? profile : await withoutReservation(client, profile, without);
      let board = without === null && client === db ? keptBoard(pool, now) : null;
      let loading: Promise<Board> | undefined;
      let partly = false;
      const lookPartly = () => {
        if (!partly && without === null && client === db) prepareBoard(pool, now);
        partly = true;
      };
      return {
        pool,
        now,
        profile: own,
        without,
        boardAtHand: () => board,
        board: async () => {
          loading ??= board ? Promise.resolve(board) : loadBoard(client, pool, { now, without });
          board = await loading;
          return board;
        },
        boardWithin: (from: number, to: number) => {
          lookPartly();
          return layOut(client, pool, { now, from: new Date(from), to: new Date(to), without });
        },
        sampleWithin: (from: number, to: number, want: Want) => {
          lookPartly();
          return layOutSample(client, pool, { now, from: new Date(from), to: new Date(to), without }, want);
        },
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

/**
 * Whether the shape could be booked now, by the very decision that booking makes under the pool's lock. By number and, for
 * one part, by counting free lanes in the database where that is enough; otherwise what lies within its time is laid out,
 * and everything to come only if that is not enough.
 */
export async function tryPlacing(client: Client, site: Site, shape: Shape): Promise<Verdict> {
  const { pool, profile } = site;
  const [part, more] = shape.parts;
  if (part && !more) {
    const free = minFree(profile, part.from - pool.bufferBeforeMs, part.to + pool.bufferAfterMs);
    if (free < part.count) return { ok: false, reason: "capacity", free: Math.max(0, free) };
    if (!site.boardAtHand()) {
      const [fits] = await fitDirectly(client, [{ site, part, topology: shape.topology }]);
      if (fits) return { ok: true };
    }
  }
  return (await placesWithin(site, shape)) ? { ok: true } : placeAmongAll(site, shape);
}

/**
 * Whether it has room if others within its own time move: what booking tries first, for which a fraction of the pool is
 * read; of a large pool first a sample, if the number is known to be free. No means nothing yet, and is said at once where
 * the whole pool is at hand.
 */
export async function placesWithin(site: Site, shape: Shape): Promise<boolean> {
  if (site.boardAtHand()) return false;
  const want = toWant(site.pool, shape);
  const { from, to } = spanOf(want.segments);
  const [segment, more] = want.segments;
  if (segment && !more && minFree(site.profile, from, to) >= segment.count) {
    const sample = await site.sampleWithin(from, to, want);
    if (sample && findRoom(sample, want)) return true;
  }
  return placeOn(await site.boardWithin(from, to), site.pool.sellable, want).ok;
}

/** With everything to come laid out at once: anything that can be moved may be. */
export async function placeAmongAll(site: Site, shape: Shape): Promise<Placement> {
  return placeOn(await site.board(), site.pool.sellable, toWant(site.pool, shape));
}

/**
 * One after the other: whether the shape (of one part, with room by number) fits without moving anything. On the boards
 * that are at hand; for the others one statement.
 */
export async function fitDirectly(
  client: Client,
  asked: readonly { site: Site; part: Part; topology: Topology }[],
): Promise<boolean[]> {
  const away = asked.filter(({ site }) => !site.boardAtHand());
  const counted = new Map(zip(away, await countFree(client, away)));
  return asked.map((one) => {
    const { site, part, topology } = one;
    const board = site.boardAtHand();
    const [segment] = toWant(site.pool, { parts: [part], topology }).segments;
    if (board && segment) return hasFreeLanes(board.lanes, board.table, segment, topology);
    const free = counted.get(one);
    return ((topology === "single_node" ? free?.best_node : free?.total) ?? 0) >= part.count;
  });
}

type FreeRow = { n: number; total: number; best_node: number };

/** Free lanes throughout, of the pool and of its best node. */
async function countFree(
  client: Client,
  asked: readonly { site: Site; part: Part }[],
): Promise<(FreeRow | undefined)[]> {
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
  return asked.map((_, i) => byNumber.get(i + 1));
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
  const { lanes, table } = await site.board();
  const byLanes = rangesByLanes(lanes, (id) => table.on(id), { ...asked, oneNode: topology === "single_node" });
  return intersect(byLanes, rangesByDepth(site.profile, asked));
}

type BufferKeys = "bufferBeforeMs" | "bufferAfterMs";

function withBuffers({ bufferBeforeMs, bufferAfterMs }: PoolState, request: Omit<StartRequest, BufferKeys>) {
  return { ...request, bufferBeforeMs, bufferAfterMs };
}

function zip<A, B>(a: readonly A[], b: readonly B[]): [A, B][] {
  return a.flatMap((item, i) => (i in b ? [[item, b[i] as B]] : []));
}
