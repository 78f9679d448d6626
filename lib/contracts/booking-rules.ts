import { BOOKING_LIMITS, type Topology } from "@/lib/contracts/availability";
import type { PoolRules } from "@/lib/contracts/fleet";
import { MAX_MICROS } from "@/lib/contracts/money";
import type { Segment } from "@/lib/contracts/pricing";
import type { FieldError } from "@/lib/contracts/problem";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

/** A booking may start this little in the past: a quote for "from ten" is often confirmed seconds after ten. */
export const START_GRACE_MS = MINUTE_MS;

/** The rules of a pool; `largest_node` is needed for bookings that have to be on one machine. */
export type BookingPool = PoolRules & { open: boolean; largest_node?: number };

export type BookingCheck = {
  /** It has begun: its start is what it is, whatever the clock and the grid say. */
  startFixed?: boolean;
  topology?: Topology;
  /** Name the fields `segments[0].starts_at` and so on; true when there are several segments. */
  asSegments?: boolean;
};

/**
 * What is wrong with the times and numbers of a booking, each with the field and the mend; empty when nothing is. Says
 * nothing about whether the GPUs are free.
 */
export function checkBooking(
  pool: BookingPool,
  segments: readonly Segment[],
  now: Date,
  { startFixed = false, topology = "any", asSegments = segments.length > 1 }: BookingCheck = {},
): FieldError[] {
  const errors: FieldError[] = [];
  const add = (field: string, message: string) => errors.push({ field, message });
  if (!pool.open) add("pool_id", "This pool takes no new bookings at present. Choose another one.");
  const first = segments[0];
  const last = segments.at(-1);
  if (!first || !last) {
    add("segments", "Give at least one segment, or starts_at, ends_at and gpu_count.");
    return errors;
  }
  if (segments.length > BOOKING_LIMITS.segments) {
    add("segments", `A booking has at most ${BOOKING_LIMITS.segments} segments; this has ${segments.length}.`);
  }
  const nameOf = (index: number, field: keyof Segment) => (asSegments ? `segments[${index}].${field}` : field);

  segments.forEach((segment, index) => {
    const [from, to] = [Date.parse(segment.starts_at), Date.parse(segment.ends_at)];
    const fixed = startFixed && index === 0;
    if (Number.isNaN(from) || Number.isNaN(to)) {
      add(nameOf(index, Number.isNaN(from) ? "starts_at" : "ends_at"), "Give a time such as 2026-12-01T10:00:00Z.");
      return;
    }
    if (to <= from) {
      add(nameOf(index, "ends_at"), `It ends at ${iso(to)}, not after its start at ${iso(from)}. Give a later end.`);
    }
    if (!fixed) addOffGrid(nameOf(index, "starts_at"), from);
    addOffGrid(nameOf(index, "ends_at"), to);
    const before = index > 0 ? segments[index - 1] : undefined;
    if (before && from < Date.parse(before.ends_at)) {
      add(nameOf(index, "starts_at"), "It starts before the segment before it ends. Give segments in order, apart.");
    }
    addCount(nameOf(index, "gpu_count"), segment.gpu_count);
  });

  const [startsAt, endsAt] = [Date.parse(first.starts_at), Date.parse(last.ends_at)];
  if (!startFixed && startsAt < now.getTime() - START_GRACE_MS) {
    const next = ceilTo(now.getTime(), gridMs(pool));
    add(nameOf(0, "starts_at"), `It starts in the past. The next start that this pool takes is ${iso(next)}.`);
  } else if (endsAt > startsAt && endsAt <= now.getTime()) {
    add(nameOf(segments.length - 1, "ends_at"), "It ends in the past. Give an end that is still to come.");
  }
  addHorizon();
  addDuration();
  addAmount();
  return errors;

  function addOffGrid(field: string, at: number): void {
    const grid = gridMs(pool);
    if (at % grid === 0) return;
    const before = floorTo(at, grid);
    add(
      field,
      `Times in this pool are multiples of ${minutesInWords(pool.granularity_minutes)} from 00:00 UTC. Next to ${iso(at)} are ${iso(before)} and ${iso(before + grid)}.`,
    );
  }

  function addCount(field: string, count: number): void {
    if (!Number.isInteger(count) || count < 1) {
      add(field, `${count} is no number of GPUs. Book at least 1.`);
    } else if (count > BOOKING_LIMITS.gpus) {
      add(field, `One booking has at most ${BOOKING_LIMITS.gpus} GPUs. Make several for ${count}.`);
    } else if (topology === "single_node" && pool.largest_node !== undefined && count > pool.largest_node) {
      add(
        field,
        `The largest node of this pool has ${pool.largest_node} GPUs. Book at most so many on one node, or ${count} on any nodes.`,
      );
    }
  }

  function addHorizon(): void {
    const latest = floorTo(now.getTime() + pool.horizon_days * DAY_MS, gridMs(pool));
    if (endsAt <= latest) return;
    add(
      nameOf(segments.length - 1, "ends_at"),
      `This pool is booked at most ${pool.horizon_days} days ahead. The latest end is ${iso(latest)}.`,
    );
  }

  function addDuration(): void {
    const minutes = (endsAt - startsAt) / MINUTE_MS;
    const field = nameOf(segments.length - 1, "ends_at");
    if (minutes > 0 && minutes < pool.min_duration_minutes) {
      add(
        field,
        `The shortest booking of this pool is ${minutesInWords(pool.min_duration_minutes)}: end at ${iso(startsAt + pool.min_duration_minutes * MINUTE_MS)} or later.`,
      );
    } else if (minutes > pool.max_duration_minutes) {
      add(
        field,
        `The longest booking of this pool is ${minutesInWords(pool.max_duration_minutes)}: end at ${iso(startsAt + pool.max_duration_minutes * MINUTE_MS)} or earlier.`,
      );
    }
  }

  /** Prices travel as JSON numbers, which carry no more than this exactly. */
  function addAmount(): void {
    if (errors.length > 0) return;
    const gpuMs = segments.reduce((sum, { starts_at, ends_at, gpu_count }) => {
      return sum + BigInt(Date.parse(ends_at) - Date.parse(starts_at)) * BigInt(gpu_count);
    }, 0n);
    if ((gpuMs * BigInt(pool.price_micros_per_gpu_hour)) / BigInt(HOUR_MS) > BigInt(MAX_MICROS)) {
      add(nameOf(0, "gpu_count"), "It costs more than can be counted. Book fewer GPUs or less time.");
    }
  }
}

/** The pool's grid in milliseconds; it begins at 00:00 UTC of every day. */
export function gridMs(pool: Pick<PoolRules, "granularity_minutes">): number {
  return pool.granularity_minutes * MINUTE_MS;
}

/** The last multiple of `step` at or before `at`. */
export function floorTo(at: number, step: number): number {
  return Math.floor(at / step) * step;
}

/** The first multiple of `step` at or after `at`. */
export function ceilTo(at: number, step: number): number {
  return Math.ceil(at / step) * step;
}

/** "90 minutes", "1 hour", "72 hours", "14 days" */
export function minutesInWords(minutes: number): string {
  const [size, word] =
    minutes % 1440 === 0 && minutes > 1440 * 3 ? [1440, "day"] : minutes % 60 === 0 ? [60, "hour"] : [1, "minute"];
  const count = minutes / size;
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}

function iso(at: number): string {
  return Number.isNaN(new Date(at).getTime())
    ? "an impossible time"
    : new Date(at).toISOString().replace(":00.000Z", "Z");
}
