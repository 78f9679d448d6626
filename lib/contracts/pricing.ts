import { z } from "zod";
import type { BookingPolicy } from "@/lib/contracts/booking-policy";
import { timestamp } from "@/lib/contracts/common";
import { bps, micros, toJsonMicros } from "@/lib/contracts/money";

/** GPUs from a time to another; a reservation is one or more of these, in order and without overlap. */
export const segmentSchema = z
  .object({ starts_at: timestamp, ends_at: timestamp, gpu_count: z.int().min(1) })
  .meta({ id: "ReservationSegment" });

/** The price of a reservation and how it came about. The lines add up to the whole, to the micro-credit. */
export const priceSchema = z
  .object({
    rate_micros_per_gpu_hour: micros,
    gpu_minutes: z.int().min(0),
    list_micros: micros.meta({ description: "Before the discount." }),
    discount_bps: bps,
    discount_micros: micros,
    total_micros: micros,
    lines: z.array(
      segmentSchema.omit({}).extend({
        gpu_minutes: z.int().min(0),
        list_micros: micros,
        discount_micros: micros,
        total_micros: micros,
      }),
    ),
    discount: z
      .object({
        duration_hours: z.int().meta({ description: "Full hours from start to end." }),
        duration_bps: bps,
        lead_hours: z.int().meta({ description: "Full hours from booking to start." }),
        lead_bps: bps,
        kept_bps: bps
          .nullable()
          .meta({ description: "A better rate that an earlier state had and a change may not worsen." }),
      })
      .meta({ description: "Why this discount." }),
  })
  .meta({ id: "Price" });

export type Segment = z.infer<typeof segmentSchema>;
export type Price = z.infer<typeof priceSchema>;

const WHOLE = 10_000n;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

export type PriceRequest = {
  /** In order and without overlap. */
  segments: readonly Segment[];
  /** Micro-credits per GPU and hour. */
  rateMicros: number | bigint;
  policy: Pick<BookingPolicy, "discount">;
  /** When it was booked first: a change does not shorten the lead time that it had. */
  bookedAt: Date;
  /** The discount of an earlier state: a change never worsens it. */
  keptBps?: number | null;
  /** This discount and no other; for what remains of a booking of which a part is given back. */
  exactBps?: number;
};

/**
 * What a reservation costs, in integers: the list price is rate × GPU time, rounded down once for the whole, and so is
 * the discount. Lines are differences of rounded running sums, so they add up to the whole and none is negative.
 * @throws RangeError beyond MAX_MICROS; checkBooking refuses such a booking first
 */
export function priceOf({ segments, rateMicros, policy, bookedAt, keptBps = null, exactBps }: PriceRequest): Price {
  const first = segments[0];
  const last = segments.at(-1);
  if (!first || !last) throw new RangeError("A price needs at least one segment.");
  const startsAt = Date.parse(first.starts_at);
  const durationHours = fullHours(Date.parse(last.ends_at) - startsAt);
  const leadHours = fullHours(startsAt - bookedAt.getTime());
  const { by_duration, by_lead_time, floor_bps, cap_bps } = policy.discount;
  const durationBps = stepOf(by_duration, durationHours * HOUR_MS);
  const leadBps = stepOf(by_lead_time, leadHours * HOUR_MS);
  const earned = Math.min(cap_bps, Math.max(floor_bps, durationBps + leadBps));
  const discountBps = exactBps ?? Math.max(earned, keptBps ?? 0);

  let gpuMs = 0n;
  let list = 0n;
  let discount = 0n;
  let minutes = 0;
  const lines = segments.map(({ starts_at, ends_at, gpu_count }) => {
    gpuMs += BigInt(Date.parse(ends_at) - Date.parse(starts_at)) * BigInt(gpu_count);
    const sums = { list: listMicros(gpuMs, BigInt(rateMicros)), minutes: Number(gpuMs / BigInt(MINUTE_MS)) };
    const off = (sums.list * BigInt(discountBps)) / WHOLE;
    const line = {
      starts_at,
      ends_at,
      gpu_count,
      gpu_minutes: sums.minutes - minutes,
      list_micros: toJsonMicros(sums.list - list),
      discount_micros: toJsonMicros(off - discount),
      total_micros: toJsonMicros(sums.list - list - (off - discount)),
    };
    ({ list, minutes } = sums);
    discount = off;
    return line;
  });
  return {
    rate_micros_per_gpu_hour: toJsonMicros(BigInt(rateMicros)),
    gpu_minutes: minutes,
    list_micros: toJsonMicros(list),
    discount_bps: discountBps,
    discount_micros: toJsonMicros(discount),
    total_micros: toJsonMicros(list - discount),
    lines,
    discount: {
      duration_hours: durationHours,
      duration_bps: durationBps,
      lead_hours: leadHours,
      lead_bps: leadBps,
      kept_bps: exactBps ?? keptBps,
    },
  };
}

/**
 * How much of the total has been used up by a time: the price of the GPU time that has passed, at the price's own rate
 * and discount. It never falls as time goes on, is the total at the end, and depends on the past only: giving back a
 * later part at the same discount does not change it.
 */
export function usedMicros(price: Price, at: Date): bigint {
  const gpuMs = price.lines.reduce((sum, { starts_at, ends_at, gpu_count }) => {
    const from = Date.parse(starts_at);
    const passed = Math.min(at.getTime(), Date.parse(ends_at)) - from;
    return passed > 0 ? sum + BigInt(passed) * BigInt(gpu_count) : sum;
  }, 0n);
  const list = listMicros(gpuMs, BigInt(price.rate_micros_per_gpu_hour));
  return list - (list * BigInt(price.discount_bps)) / WHOLE;
}

/**
 * What share comes back of a part that is given back so long before it begins, in basis points.
 * @param noticeMs milliseconds; what has begun already counts as no notice
 */
export function refundRate(policy: Pick<BookingPolicy, "refund">, noticeMs: number): number {
  return stepOf(policy.refund.by_notice, Math.max(0, noticeMs));
}

function listMicros(gpuMs: bigint, rateMicros: bigint): bigint {
  return (gpuMs * rateMicros) / BigInt(HOUR_MS);
}

/** The step of a ladder that is reached; 0 below the first. */
function stepOf(ladder: readonly { from_hours: number; bps: number }[], ms: number): number {
  return ladder.findLast(({ from_hours }) => from_hours * HOUR_MS <= ms)?.bps ?? 0;
}

function fullHours(ms: number): number {
  return Math.max(0, Math.floor(ms / HOUR_MS));
}
