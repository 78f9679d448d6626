import { checkBooking } from "@/lib/contracts/booking-rules";
import type { SeededPool } from "@/lib/demo/fleet";
import type { DemoProject } from "@/lib/demo/people";
import type { Random } from "@/lib/demo/random";
import { newIdAt } from "@/lib/ids";
import { type Blocked, leasesOf, withBuffers } from "@/lib/reservations/leases";
import { type Busy, type Move, place } from "@/lib/reservations/planner/place";
import { toSegments } from "@/lib/reservations/segments";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Bookings begin between these days from now. */
const FIRST_DAY = -34;
const LAST_DAY = 27;
/** Of those of a project, so many are asked for; some find no room. */
const ASKED = { own: 90, others: 70 };
const CANCELLED_SHARE = 0.09;
/** Of the own project, still to be confirmed: so many are tried, and so many made. */
const HELD = { asked: 12, made: 3 };

const TITLES = [
  "Llama fine-tuning",
  "Evaluation sweep",
  "Nightly training",
  "Diffusion ablation",
  "Speech pre-training",
  "Tokeniser study",
  "Distillation run",
  "Reward model",
  "Retrieval index",
  "Quantisation tests",
  "Robustness suite",
  "",
] as const;

/** Work on the fleet: days from now, hours, and which nodes of which pool (all of them when none is named). */
const DEMO_MAINTENANCE = [
  { pool: "Frankfurt H100", from: -12, hours: 6, nodes: [2, 3], reason: "Firmware of the network cards" },
  { pool: "Stockholm L40S", from: -0.1, hours: 9, nodes: [7], reason: "Replacing a fan" },
  { pool: "Amsterdam A100", from: 4, hours: 8, nodes: [0], reason: "New drivers" },
  { pool: "Frankfurt H100", from: 9, hours: 12, nodes: [5, 6], reason: "Cooling: second circuit" },
  { pool: "Virginia A100", from: 21, hours: 24, nodes: [], reason: "Move to another hall" },
] as const;

export type DemoAllocation = Blocked & { id: string };

export type DemoBooking = {
  id: string;
  project: DemoProject;
  by: string;
  pool: SeededPool;
  title: string;
  gpuCount: number;
  singleNode: boolean;
  bookedAt: Date;
  startsAt: Date;
  endsAt: Date;
  held: boolean;
  cancelledAt: Date | null;
  allocations: DemoAllocation[];
  /** When others' bookings made it change units. */
  repacked: { at: Date; before: string[]; after: string[] }[];
};

export type DemoMaintenance = {
  id: string;
  pool: SeededPool;
  reason: string;
  startsAt: Date;
  endsAt: Date;
  unitIds: string[];
};

/** When which units are worked on. */
export function demoMaintenance(pools: readonly SeededPool[], now: Date): DemoMaintenance[] {
  return DEMO_MAINTENANCE.flatMap(({ pool: name, from, hours, nodes, reason }) => {
    const pool = pools.find((candidate) => candidate.name === name);
    if (!pool) return [];
    const startsAt = new Date(Math.floor((now.getTime() + from * DAY_MS) / HOUR_MS) * HOUR_MS);
    const nodeIds = [...new Set(pool.lanes.map(({ nodeId }) => nodeId))];
    const chosen = nodes.length === 0 ? nodeIds : nodes.map((index) => nodeIds[index]);
    return {
      id: newIdAt("maintenance", new Date(startsAt.getTime() - 20 * DAY_MS)),
      pool,
      reason,
      startsAt,
      endsAt: new Date(startsAt.getTime() + hours * HOUR_MS),
      unitIds: pool.lanes.filter(({ nodeId }) => chosen.includes(nodeId)).map(({ id }) => id),
    };
  });
}

type Wish = Omit<DemoBooking, "allocations" | "repacked">;

type Occupied = Map<string, { maintenance: readonly DemoMaintenance[]; bookings: DemoBooking[] }>;

/**
 * Who books what and when, in the order of booking, placed by the planner that bookings are placed with, so that rules,
 * reserve, buffers and promises hold as if every booking had been made by hand.
 */
export function demoTimetable(
  input: { pools: readonly SeededPool[]; projects: readonly DemoProject[]; maintenance: readonly DemoMaintenance[] },
  now: Date,
  random: Random,
): DemoBooking[] {
  const occupied: Occupied = new Map(
    input.pools.map((pool) => [
      pool.id,
      { maintenance: input.maintenance.filter((one) => one.pool.id === pool.id), bookings: [] },
    ]),
  );
  const wishes = input.projects
    .flatMap((project) => [
      ...Array.from({ length: project.own ? ASKED.own : ASKED.others }, () => wish(project, input.pools, now, random)),
      ...Array.from({ length: project.own ? HELD.asked : 0 }, () => heldWish(project, input.pools, now, random)),
    ])
    .sort((a, b) => a.bookedAt.getTime() - b.bookedAt.getTime());
  let held = 0;
  return wishes.flatMap((wished) => {
    if (wished.held && held === HELD.made) return [];
    const booking = fulfil(wished, occupied, now);
    if (booking?.held) held += 1;
    return booking ?? [];
  });
}

function wish(project: DemoProject, pools: readonly SeededPool[], now: Date, random: Random): Wish {
  const pool = anyPool(pools, random);
  const grid = pool.granularityMinutes * MINUTE_MS;
  const from = now.getTime() + (FIRST_DAY + random.next() * (LAST_DAY - FIRST_DAY)) * DAY_MS;
  const startsAt = Math.round(workingHour(from, random) / grid) * grid;
  const endsAt = startsAt + random.pick(pool.demo.hours) * HOUR_MS;
  const lead = (random.next() < 0.5 ? random.between(2, 40) : random.between(41, 480)) * HOUR_MS;
  const bookedAt = Math.min(startsAt - lead, now.getTime() - random.between(20, 4000) * MINUTE_MS);
  const gpuCount = random.pick(pool.demo.gpus);
  const cancel = random.next() < CANCELLED_SHARE;
  const cancelledAt = bookedAt + random.next() * (Math.min(startsAt, now.getTime()) - bookedAt);
  return {
    id: newIdAt("reservation", new Date(bookedAt)),
    project,
    by: project.people[random.between(0, project.people.length - 1)] as string,
    pool,
    title: random.pick(TITLES),
    gpuCount,
    singleNode: gpuCount > 1 && gpuCount <= 8 && random.next() < 0.5,
    bookedAt: new Date(bookedAt),
    startsAt: new Date(startsAt),
    endsAt: new Date(endsAt),
    held: false,
    cancelledAt: cancel ? new Date(cancelledAt) : null,
  };
}

/** The larger a pool, the more is booked there. */
function anyPool(pools: readonly SeededPool[], random: Random): SeededPool {
  const all = pools.flatMap((pool) => pool.lanes.map(() => pool));
  return all[random.between(0, all.length - 1)] as SeededPool;
}

/** Booked a moment ago for one of the next days, and not confirmed yet. */
function heldWish(project: DemoProject, pools: readonly SeededPool[], now: Date, random: Random): Wish {
  const asked = wish(project, pools, now, random);
  const grid = asked.pool.granularityMinutes * MINUTE_MS;
  const startsAt = Math.ceil((now.getTime() + random.between(30, 200) * HOUR_MS) / grid) * grid;
  const bookedAt = new Date(now.getTime() - random.between(30, 400) * 1000);
  return {
    ...asked,
    id: newIdAt("reservation", bookedAt),
    bookedAt,
    startsAt: new Date(startsAt),
    endsAt: new Date(startsAt + random.pick(asked.pool.demo.hours) * HOUR_MS),
    held: true,
    cancelledAt: null,
  };
}

/** Most work begins by day. */
function workingHour(time: number, random: Random): number {
  const day = Math.floor(time / DAY_MS) * DAY_MS;
  return random.next() < 0.8 ? day + random.between(6, 18) * HOUR_MS : time;
}

/** The booking, with its units; null when the pool's rules or what is booked do not let it. */
function fulfil(wished: Wish, occupied: Occupied, now: Date): DemoBooking | null {
  const { pool, bookedAt } = wished;
  const there = occupied.get(pool.id);
  if (!there || bookedAt.getTime() < now.getTime() - 58 * DAY_MS) return null;
  const parts = [{ from: wished.startsAt.getTime(), to: wished.endsAt.getTime(), count: wished.gpuCount }];
  const buffers = {
    bufferBeforeMs: pool.bufferBeforeMinutes * MINUTE_MS,
    bufferAfterMs: pool.bufferAfterMinutes * MINUTE_MS,
  };
  const topology = wished.singleNode ? ("single_node" as const) : ("any" as const);
  if (checkBooking(rulesOf(pool), toSegments(parts), bookedAt, { topology }).length > 0) return null;
  const busy = busyAt(there, bookedAt, pool.freezeMinutes * MINUTE_MS);
  const placement = place(pool.lanes, pool.lanes.length - pool.reserveUnits, busy, {
    segments: parts.map((part) => ({
      ...part,
      from: part.from - buffers.bufferBeforeMs,
      to: part.to + buffers.bufferAfterMs,
    })),
    topology,
  });
  if (!placement.ok) return null;
  move(there.bookings, placement.moves, bookedAt);
  const blocked = withBuffers(leasesOf(parts, placement.units), buffers);
  const booking = {
    ...wished,
    allocations: blocked.map((lease) => ({ ...lease, id: newIdAt("allocation", bookedAt) })),
    repacked: [],
  };
  there.bookings.push(booking);
  return booking;
}

/** What is in the way at the moment of a booking: what is booked and not cancelled by then, and all maintenance. */
function busyAt(
  { maintenance, bookings }: { maintenance: readonly DemoMaintenance[]; bookings: readonly DemoBooking[] },
  at: Date,
  freezeMs: number,
): Busy[] {
  return [
    ...maintenance.flatMap((one) =>
      one.unitIds.map((unitId) => ({
        allocationId: `${one.id} ${unitId}`,
        unitId,
        from: one.startsAt.getTime(),
        to: one.endsAt.getTime(),
        reservationId: null,
        movable: false,
      })),
    ),
    ...bookings
      .filter(({ cancelledAt }) => cancelledAt === null || cancelledAt > at)
      .flatMap((booking) =>
        booking.allocations.map((allocation) => ({
          allocationId: allocation.id,
          unitId: allocation.unitId,
          from: allocation.blocksFrom,
          to: allocation.blocksTo,
          reservationId: booking.id,
          singleNode: booking.singleNode,
          movable: booking.startsAt.getTime() >= at.getTime() + freezeMs,
        })),
      ),
  ].filter(({ to }) => to > at.getTime());
}

function move(bookings: readonly DemoBooking[], moves: readonly Move[], at: Date): void {
  const targets = new Map(moves.map(({ allocationId, toUnit }) => [allocationId, toUnit]));
  for (const booking of bookings) {
    const moved = booking.allocations.filter(({ id }) => targets.has(id));
    if (moved.length === 0) continue;
    const before = moved.map(({ unitId }) => unitId);
    for (const allocation of moved) allocation.unitId = targets.get(allocation.id) ?? allocation.unitId;
    booking.repacked.push({ at, before, after: moved.map(({ unitId }) => unitId) });
  }
}

function rulesOf(pool: SeededPool) {
  return {
    granularity_minutes: pool.granularityMinutes,
    min_duration_minutes: pool.minDurationMinutes,
    max_duration_minutes: pool.maxDurationMinutes,
    horizon_days: pool.horizonDays,
    buffer_before_minutes: pool.bufferBeforeMinutes,
    buffer_after_minutes: pool.bufferAfterMinutes,
    price_micros_per_gpu_hour: Number(pool.priceMicrosPerGpuHour),
    open: pool.open,
    largest_node: pool.demo.lanes,
  };
}
