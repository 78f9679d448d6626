import { type Actor, authorise } from "@/lib/accounts/actor";
import {
  BOOKING_LIMITS,
  type CapacitySearch,
  type Offer,
  type OfferKind,
  type SearchResult,
  type Topology,
} from "@/lib/contracts/availability";
import type { BookingPolicy } from "@/lib/contracts/booking-policy";
import { ceilTo, floorTo, gridMs, minutesInWords } from "@/lib/contracts/booking-rules";
import { runsWithRoom } from "@/lib/contracts/capacity-profile";
import { db } from "@/lib/db/client";
import { AppError, invalidField } from "@/lib/errors";
import { readBookingPolicy } from "@/lib/fleet/policy";
import { findAlternatives } from "@/lib/reservations/alternatives";
import { requireGpuType } from "@/lib/reservations/availability";
import {
  certainStarts,
  fitDirectly,
  horizonOf,
  openSites,
  placeAmongAll,
  placesWithin,
  possibleStarts,
  type Shape,
  type Site,
} from "@/lib/reservations/feasibility";
import { mergeOffers, toOffer } from "@/lib/reservations/offers";
import { earliestStart, nearestStart, type StartRange } from "@/lib/reservations/planner/start-ranges";
import { loadPools, type PoolState } from "@/lib/reservations/pool-state";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Who asks for three days is not asking for a month: `longest` is at most so many times what was asked. */
const LONGEST_TIMES = 4;
/** What is tried of what the longest has more than was asked. */
const LONGEST_SHARES = [1, 0.4];
const LEAST_SHARE = 0.1;

/** What is asked of one pool: its times fit the pool's grid. */
type Task = {
  site: Site;
  count: number;
  durationMs: number;
  notBefore: number;
  finishBy: number;
  /** When it can start, as far as is known. */
  starts: StartRange[];
  /** Whether `starts` are certain, or only possible by number. */
  certain: boolean;
};

type Pick = { task: Task; kind: OfferKind; from: number; to: number };

/**
 * Where and when so many GPUs are free: the earliest, the nearest to a time, the cheapest and the longest that fit. Every
 * offer can be booked as it stands at this moment. Where nothing fits, what would.
 * @throws AppError "validation_failed", "forbidden"
 */
export async function searchAvailability(actor: Actor, body: CapacitySearch, now = new Date()): Promise<SearchResult> {
  authorise(actor, "reservations:read");
  const { offers, sites, policy } = await findOffers(body, now);
  if (offers.length > 0) return { offers, alternatives: [] };
  return { offers, alternatives: await alternativesOf(actor, sites, body, policy, now) };
}

/** Only what fits, and where it was looked for. @throws AppError "validation_failed" */
export async function findOffers(
  body: CapacitySearch,
  now: Date,
): Promise<{ offers: Offer[]; sites: Site[]; policy: BookingPolicy }> {
  checkTimes(body, now);
  const [pools, policy] = await Promise.all([poolsOf(body), readBookingPolicy()]);
  const open = pools.filter(({ rules }) => rules.open).slice(0, BOOKING_LIMITS.searchPools);
  const sites = await openSites(db, open, now);
  const topologies: Topology[] = body.topology === "prefer_single_node" ? ["single_node", "any"] : [body.topology];
  const found: Offer[] = [];
  for (const topology of topologies) found.push(...(await offersOf(sites, body, topology, policy)));
  return { offers: mergeOffers(found).slice(0, BOOKING_LIMITS.offers), sites, policy };
}

function checkTimes({ not_before, finish_by, near, duration_minutes }: CapacitySearch, now: Date): void {
  const from = Math.max(now.getTime(), not_before === undefined ? 0 : Date.parse(not_before));
  if (finish_by !== undefined && Date.parse(finish_by) < from + duration_minutes * MINUTE_MS) {
    throw invalidField(
      "finish_by",
      `${minutesInWords(duration_minutes)} from ${new Date(from).toISOString()} on end later than that. Give a later time.`,
    );
  }
  if (near !== undefined && finish_by !== undefined && Date.parse(near) > Date.parse(finish_by)) {
    throw invalidField("near", "It is after `finish_by`. Give a time before that.");
  }
}

/** @throws AppError "validation_failed" for a pool or a type that does not exist */
async function poolsOf({ pool_ids, gpu_type }: CapacitySearch): Promise<PoolState[]> {
  const pools = await loadPools(db, { poolIds: pool_ids, gpuType: gpu_type });
  if (gpu_type !== undefined && pools.length === 0) await requireGpuType(gpu_type);
  const known = new Set(pools.map(({ id }) => id));
  const errors = (pool_ids ?? []).flatMap((id, i) =>
    known.has(id) ? [] : [{ field: `pool_ids[${i}]`, message: "There is no such pool, or it has another GPU type." }],
  );
  if (errors.length > 0) throw new AppError("validation_failed", "Some pools do not exist.", { errors });
  return pools;
}

async function offersOf(
  sites: readonly Site[],
  body: CapacitySearch,
  topology: Topology,
  policy: BookingPolicy,
): Promise<Offer[]> {
  const tasks = sites.flatMap((site) => taskOf(site, body, topology) ?? []);
  const [picks, longest] = await Promise.all([
    verifiedPicks(tasks, body, topology, policy),
    longestOf(tasks, topology),
  ]);
  return [...picks, ...longest].flatMap((pick) => {
    const { task, kind, from } = pick;
    const candidate = { site: task.site, shape: shapeOf(pick, topology), kinds: kindsOf(kind, from, body) };
    return toOffer(candidate, policy) ?? [];
  });
}

/** The best of each kind that can be booked: those that are not give way to the next best. */
async function verifiedPicks(
  asked: readonly Task[],
  body: CapacitySearch,
  topology: Topology,
  policy: BookingPolicy,
): Promise<Pick[]> {
  let tasks = asked;
  const verified = new Map<string, boolean>();
  for (;;) {
    const picks = picksOf(tasks, body, topology, policy);
    const unknown = unverified(picks, verified);
    const fits = await Promise.all(unknown.map((pick) => fitsNearby(pick, topology)));
    for (const [i, pick] of unknown.entries()) verified.set(keyOf(pick), fits[i] ?? false);
    const failed = picks.find((pick) => !pick.task.certain && !verified.get(keyOf(pick)));
    if (!failed) return picks;
    // Perhaps if anything in the pool moves; if not, look at this pool lane by lane from now on.
    const { task } = failed;
    const placement = await placeAmongAll(task.site, shapeOf(failed, topology));
    verified.set(keyOf(failed), placement.ok);
    if (!placement.ok) {
      const refined = { ...task, starts: await certainStarts(task.site, task, topology), certain: true };
      tasks = tasks.map((other) => (other === task ? refined : other));
    }
  }
}

/**
 * Whether it has room as things stand, or if others within its own time move. Where the pool is not at hand that takes one
 * reading of its time, no longer than counting what is free in it.
 */
async function fitsNearby({ task, from, to }: Pick, topology: Topology): Promise<boolean> {
  const part = { from, to, count: task.count };
  if (!task.site.boardAtHand()) return placesWithin(task.site, { parts: [part], topology });
  const [fits = false] = await fitDirectly(db, [{ site: task.site, part, topology }]);
  return fits;
}

/** null when the pool's rules leave no room for it. */
function taskOf(site: Site, body: CapacitySearch, topology: Topology): Task | null {
  const { rules, sellable } = site.pool;
  const grid = gridMs(rules);
  const durationMs = ceilTo(Math.max(body.duration_minutes, rules.min_duration_minutes) * MINUTE_MS, grid);
  const asked = body.not_before === undefined ? 0 : Date.parse(body.not_before);
  const notBefore = ceilTo(Math.max(site.now.getTime(), asked), grid);
  const latest = horizonOf(site);
  const finishBy = body.finish_by === undefined ? latest : Math.min(latest, floorTo(Date.parse(body.finish_by), grid));
  const most = topology === "single_node" ? Math.min(sellable, rules.largest_node) : sellable;
  if (body.gpu_count > most || durationMs > rules.max_duration_minutes * MINUTE_MS) return null;
  const task = { site, count: body.gpu_count, durationMs, notBefore, finishBy };
  return { ...task, starts: possibleStarts(site, task), certain: false };
}

/** The best of each kind over all pools, the most telling kind first. */
function picksOf(tasks: readonly Task[], body: CapacitySearch, topology: Topology, policy: BookingPolicy): Pick[] {
  const near = body.near === undefined ? null : Date.parse(body.near);
  const starting = (task: Task, from: number | null, kind: OfferKind): Pick[] =>
    from === null ? [] : [{ task, kind, from, to: from + task.durationMs }];
  const priced = (pick: Pick) => {
    const candidate = { site: pick.task.site, shape: shapeOf(pick, topology), kinds: [pick.kind] };
    return toOffer(candidate, policy)?.price.total_micros ?? Number.MAX_VALUE;
  };

  const nearest = tasks.flatMap((task) =>
    near === null ? [] : starting(task, nearestStart(task.starts, near, stepOf(task)), "nearest"),
  );
  const earliest = tasks.flatMap((task) =>
    starting(task, earliestStart(task.starts, task.notBefore, stepOf(task)), "earliest"),
  );
  // A longer lead may be rewarded: the first start that reaches each step of the ladder counts too.
  const leads = [0, ...policy.discount.by_lead_time.map(({ from_hours }) => from_hours * HOUR_MS)];
  const cheapest = tasks
    .flatMap((task) =>
      leads.flatMap((lead) =>
        starting(task, earliestStart(task.starts, task.site.now.getTime() + lead, stepOf(task)), "cheapest"),
      ),
    )
    .map((pick) => ({ pick, price: priced(pick) }))
    .toSorted((a, b) => a.price - b.price || a.pick.from - b.pick.from);
  return [
    ...best(nearest, (pick) => Math.abs(pick.from - (near ?? 0))),
    ...best(earliest, (pick) => pick.from),
    ...cheapest.slice(0, 1).map(({ pick }) => pick),
  ];
}

/**
 * The longest time without a break in which so many are free, if it is longer than asked: by number it is known at once;
 * of that and of shares of what it has more than was asked, the longest for which nothing has to move.
 */
async function longestOf(tasks: readonly Task[], topology: Topology): Promise<Pick[]> {
  const [run] = best(tasks.flatMap(runsOf), (pick) => pick.from - pick.to);
  if (!run) return [];
  const { task, from, to } = run;
  const more = to - from - task.durationMs;
  const thatFit = async (shares: readonly number[]) => {
    const picks = shares.map((share) => ({
      ...run,
      to: from + task.durationMs + Math.max(stepOf(task), floorTo(more * share, stepOf(task))),
    }));
    const fits = await fitDirectly(
      db,
      picks.map((pick) => ({ site: task.site, part: { from, to: pick.to, count: task.count }, topology })),
    );
    return picks.filter((_, i) => fits[i]);
  };
  // Without lanes for the least more there are none for any more, and that is the quickest to ask.
  const least = await thatFit([LEAST_SHARE]);
  return least.length === 0 ? [] : [...(await thatFit(LONGEST_SHARES)), ...least].slice(0, 1);
}

/** Per pool the stretches with room that are longer than asked. */
function runsOf(task: Task): Pick[] {
  const { site, count, durationMs, notBefore, finishBy } = task;
  const { bufferBeforeMs, bufferAfterMs, rules } = site.pool;
  const grid = stepOf(task);
  const most = Math.min(rules.max_duration_minutes * MINUTE_MS, durationMs * LONGEST_TIMES);
  return [...runsWithRoom(site.profile, count)].flatMap(({ from, to }): Pick[] => {
    const start = ceilTo(Math.max(from + bufferBeforeMs, notBefore), grid);
    const room = Math.min(to - bufferAfterMs, finishBy, start + most);
    const end = floorTo(room, grid);
    return end - start > durationMs ? [{ task, kind: "longest", from: start, to: end }] : [];
  });
}

/** At most one: the first of those with the lowest figure; pools come the cheapest first. */
function best(picks: readonly Pick[], figure: (pick: Pick) => number): Pick[] {
  let found: Pick | undefined;
  for (const pick of picks) if (!found || figure(pick) < figure(found)) found = pick;
  return found ? [found] : [];
}

function kindsOf(kind: OfferKind, from: number, { near }: CapacitySearch): OfferKind[] {
  return kind === "nearest" && near !== undefined && Date.parse(near) === from ? ["as_asked", kind] : [kind];
}

function stepOf({ site }: Task): number {
  return gridMs(site.pool.rules);
}

/** Those of which it is not known yet whether they fit, each once: the earliest is often the nearest too. */
function unverified(picks: readonly Pick[], verified: ReadonlyMap<string, boolean>): Pick[] {
  const open = picks.filter((pick) => !pick.task.certain && !verified.has(keyOf(pick)));
  return [...new Map(open.map((pick) => [keyOf(pick), pick])).values()];
}

function shapeOf({ task, from, to }: Pick, topology: Topology): Shape {
  return { parts: [{ from, to, count: task.count }], topology };
}

function keyOf({ task, from, to }: Pick): string {
  return `${task.site.pool.id} ${from} ${to}`;
}

/** For the pool that sells the most: what it could do from the first moment asked for on. */
async function alternativesOf(
  actor: Actor,
  sites: readonly Site[],
  body: CapacitySearch,
  policy: BookingPolicy,
  now: Date,
): Promise<Offer[]> {
  const [site] = sites.toSorted((a, b) => b.pool.sellable - a.pool.sellable);
  if (!site) return [];
  const grid = gridMs(site.pool.rules);
  const from = ceilTo(Math.max(now.getTime(), Date.parse(body.near ?? body.not_before ?? now.toISOString())), grid);
  const to = from + ceilTo(body.duration_minutes * MINUTE_MS, grid);
  const { alternatives } = await findAlternatives(db, {
    projectId: actor.projectId,
    pool: site.pool,
    want: {
      parts: [{ from, to, count: body.gpu_count }],
      topology: body.topology === "any" ? "any" : "single_node",
    },
    policy,
    now,
  });
  return alternatives;
}
