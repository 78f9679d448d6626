import { type Blocker, BOOKING_LIMITS, type Offer, type OfferKind } from "@/lib/contracts/availability";
import type { BookingPolicy } from "@/lib/contracts/booking-policy";
import { ceilTo, floorTo, gridMs } from "@/lib/contracts/booking-rules";
import { hasRoom, minFree } from "@/lib/contracts/capacity-profile";
import type { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import { readBlockers, structuralBlockers } from "@/lib/reservations/blockers";
import {
  certainStarts,
  horizonOf,
  openSites,
  possibleStarts,
  type Shape,
  type Site,
  toWant,
  tryPlacing,
} from "@/lib/reservations/feasibility";
import { mergeOffers, toOffer } from "@/lib/reservations/offers";
import { nearestStart, type StartRange } from "@/lib/reservations/planner/start-ranges";
import { loadPools, type PoolState } from "@/lib/reservations/pool-state";
import { type Part, spanOf } from "@/lib/reservations/segments";
import { splitInTime } from "@/lib/reservations/split";

type Client = Tx | typeof db;

export type Refused = {
  projectId: string;
  /** Whose bookings are called "mine". */
  by?: string | null;
  pool: PoolState;
  want: Shape;
  policy: BookingPolicy;
  now: Date;
  /** The reservation that was to be changed: what it has is not in its own way. */
  reservationId?: string | null;
};

export type Explanation = { alternatives: Offer[]; blockers: Blocker[]; earliestStartsAt: Date | null };

/** An alternative and how far it is from what was asked: 0 is the same. */
type Idea = { site: Site; shape: Shape; kind: OfferKind; distance: number };

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** How many of one kind are worth looking at. */
const OTHER_POOLS = 6;
/** Shorter than this share of what was asked is no alternative. */
const LEAST_SHARE = 0.1;

/**
 * Why something cannot be booked, when it could be first, and what can be booked instead: up to
 * BOOKING_LIMITS.alternatives, each verified to be bookable as it stands, priced, the closest first.
 * `earliestStartsAt` is the first start at or after the one that was asked for; null: not within the pool's horizon.
 */
export async function findAlternatives(client: Client, refused: Refused): Promise<Explanation> {
  const { pool, want, policy, now, reservationId = null } = refused;
  const [first] = want.parts;
  if (!first) return { alternatives: [], blockers: [], earliestStartsAt: null };
  const [site] = await openSites(client, [pool], now, reservationId);
  if (!site) return { alternatives: [], blockers: [], earliestStartsAt: null };
  const [blockers, shifts, others] = await Promise.all([
    blockersOf(client, refused, site),
    shiftsOf(client, site, want),
    otherSites(client, site),
  ]);
  const ideas = [
    ...shifts.ideas,
    ...shorten(site, want),
    ...fewer(site, want),
    ...(want.topology === "single_node" ? [anyTopology(site, want)] : []),
    ...others.map((other) => elsewhere(site, other, want)),
    ...splitInTime(site, want).map((parts): Idea => {
      return { site, shape: { parts, topology: want.topology }, kind: "split", distance: 0.45 + delay(want, parts) };
    }),
  ]
    .filter(({ distance }) => Number.isFinite(distance))
    .toSorted((a, b) => a.distance - b.distance);
  return {
    alternatives: await firstThatWork(client, ideas, policy),
    blockers,
    earliestStartsAt: shifts.earliest === null ? null : new Date(shifts.earliest),
  };
}

/** At most two of a kind, so that there is a choice. */
async function firstThatWork(client: Client, ideas: readonly Idea[], policy: BookingPolicy): Promise<Offer[]> {
  const offers: Offer[] = [];
  const used = new Map<OfferKind, number>();
  for (const { site, shape, kind } of ideas) {
    if (offers.length >= BOOKING_LIMITS.alternatives) break;
    if ((used.get(kind) ?? 0) >= 2) continue;
    const offer = toOffer({ site, shape, kinds: [kind] }, policy);
    if (!offer || !(await tryPlacing(client, site, shape)).ok) continue;
    used.set(kind, (used.get(kind) ?? 0) + 1);
    offers.push(offer);
  }
  return mergeOffers(offers);
}

async function blockersOf(client: Client, refused: Refused, site: Site): Promise<Blocker[]> {
  const { pool, want, projectId, by = null, reservationId = null } = refused;
  const placement = await tryPlacing(client, site, want);
  if (placement.ok) return [];
  const { from, to } = spanOf(toWant(pool, want).segments);
  const count = spanOf(want.parts).most;
  return [
    ...structuralBlockers(pool, { count, free: placement.free, reason: placement.reason }),
    ...(await readBlockers(client, {
      poolId: pool.id,
      from: new Date(from),
      to: new Date(to),
      projectId,
      by,
      without: reservationId,
    })),
  ];
}

/** The same at another time: the first start that works after the one asked for, and the last before it. */
async function shiftsOf(client: Client, site: Site, want: Shape): Promise<{ ideas: Idea[]; earliest: number | null }> {
  const { from, to, most: count } = spanOf(want.parts);
  const grid = gridMs(site.pool.rules);
  const request = {
    count,
    durationMs: to - from,
    notBefore: ceilTo(site.now.getTime(), grid),
    finishBy: horizonOf(site),
  };
  const shifted = (start: number): Shape => ({
    ...want,
    parts: want.parts.map((part) => ({ ...part, from: part.from + start - from, to: part.to + start - from })),
  });
  const ideaOf = (start: number): Idea => ({
    site,
    shape: shifted(start),
    kind: "shift",
    distance: 0.05 + Math.abs(start - from) / Math.max(to - from, DAY_MS),
  });
  const works = async (start: number | null) => {
    if (start === null || !(await tryPlacing(client, site, shifted(start))).ok) return null;
    return start;
  };
  const possible = possibleStarts(site, request);
  const later = after(possible, from, grid);
  const before = nearestStart(clip(possible, Number.NEGATIVE_INFINITY, from - grid), from, grid);
  let [earliest, last] = [await works(later), await works(before)];
  if ((earliest === null && later !== null) || (last === null && before !== null)) {
    // The number is free, the lanes are not: look at them one by one.
    const certain = await certainStarts(site, request, want.topology);
    earliest ??= after(certain, from, grid);
    last ??= nearestStart(clip(certain, Number.NEGATIVE_INFINITY, from - grid), from, grid);
  }
  return { ideas: [earliest, last].flatMap((start) => (start === null ? [] : [ideaOf(start)])), earliest };
}

function after(ranges: readonly StartRange[], from: number, grid: number): number | null {
  return nearestStart(clip(ranges, from, Number.POSITIVE_INFINITY), from, grid);
}

function clip(ranges: readonly StartRange[], from: number, to: number): StartRange[] {
  return ranges
    .map(({ first, last }) => ({ first: Math.max(first, from), last: Math.min(last, to) }))
    .filter(({ first, last }) => first <= last);
}

/** From the same start as long as it goes, and to the same end from as early as it goes. */
function shorten(site: Site, want: Shape): Idea[] {
  const [part] = want.parts;
  if (!part || want.parts.length > 1) return [];
  const { pool, profile } = site;
  const grid = gridMs(pool.rules);
  const least = Math.max(pool.rules.min_duration_minutes * MINUTE_MS, (part.to - part.from) * LEAST_SHARE);
  const ideas: Idea[] = [];
  const add = (from: number, to: number) => {
    const shorter = { from: ceilTo(from, grid), to: floorTo(to, grid), count: part.count };
    const length = shorter.to - shorter.from;
    if (length < least || length >= part.to - part.from) return;
    const distance = 0.1 + (1 - length / (part.to - part.from));
    ideas.push({ site, shape: { ...want, parts: [shorter] }, kind: "shorten", distance });
  };
  const longest = part.from + pool.rules.max_duration_minutes * MINUTE_MS;
  const firstBusy = profile.at.find((at, i) => at > part.from && (profile.free[i] ?? 0) < part.count);
  add(part.from, Math.min(part.to, longest, horizonOf(site), (firstBusy ?? part.to) - pool.bufferAfterMs));
  const lastBusy = profile.at.findLastIndex((at, i) => at < part.to && (profile.free[i] ?? 0) < part.count);
  const freeAgain = lastBusy < 0 ? undefined : profile.at[lastBusy + 1];
  if (freeAgain !== undefined) add(Math.max(freeAgain + pool.bufferBeforeMs, part.to - (longest - part.from)), part.to);
  return ideas;
}

/** As many as are free throughout, and where they have to be on one node, the halves of that too. */
function fewer(site: Site, want: Shape): Idea[] {
  const [part] = want.parts;
  if (!part || want.parts.length > 1) return [];
  const { bufferBeforeMs, bufferAfterMs, rules } = site.pool;
  const free = minFree(site.profile, part.from - bufferBeforeMs, part.to + bufferAfterMs);
  const most = Math.min(free, part.count - 1, want.topology === "single_node" ? rules.largest_node : free);
  const counts = [most, ...[8, 4, 2, 1].filter((count) => count < most)];
  return counts
    .filter((count) => count >= 1 && count >= part.count * LEAST_SHARE)
    .map((count) => ({
      site,
      shape: { ...want, parts: [{ ...part, count }] },
      kind: "fewer",
      distance: 0.1 + (1 - count / part.count),
    }));
}

function anyTopology(site: Site, want: Shape): Idea {
  return { site, shape: { ...want, topology: "any" }, kind: "any_topology", distance: 0.05 };
}

/** Open pools that have room by number, those of the same type first, then those whose GPUs are most alike. */
async function otherSites(client: Client, { pool, now }: Site): Promise<Site[]> {
  const pools = (await loadPools(client)).filter(({ id, rules }) => id !== pool.id && rules.open);
  const likeness = (other: PoolState) =>
    other.gpuType.id === pool.gpuType.id ? -1 : Math.abs(Math.log(other.gpuType.memoryGb / pool.gpuType.memoryGb));
  const closest = pools.toSorted((a, b) => likeness(a) - likeness(b)).slice(0, OTHER_POOLS);
  return closest.length === 0 ? [] : openSites(client, closest, now);
}

function elsewhere(site: Site, other: Site, want: Shape): Idea {
  const same = other.pool.gpuType.id === site.pool.gpuType.id;
  const memory = Math.abs(Math.log2(other.pool.gpuType.memoryGb / site.pool.gpuType.memoryGb));
  // What has no room by number is not looked at further.
  const room = hasRoom(other.profile, toWant(other.pool, want).segments) ? 0 : Number.POSITIVE_INFINITY;
  return {
    site: other,
    shape: want,
    kind: same ? "other_pool" : "other_type",
    distance: (same ? 0.08 : 0.3 + 0.2 * memory) + room,
  };
}

function delay(want: Shape, parts: readonly Part[]): number {
  const [asked, found] = [spanOf(want.parts), spanOf(parts)];
  return (found.to - asked.to + Math.abs(found.from - asked.from)) / Math.max(asked.to - asked.from, DAY_MS);
}
