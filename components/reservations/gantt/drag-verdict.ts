import type { AvailabilityProfile } from "@/lib/contracts/availability";
import type { BookingPolicy } from "@/lib/contracts/booking-policy";
import { checkBooking } from "@/lib/contracts/booking-rules";
import type { Bar } from "@/lib/contracts/calendar";
import { addLoads, hasRoom, type Load, minFree, type Profile } from "@/lib/contracts/capacity-profile";
import type { Pool } from "@/lib/contracts/fleet";
import { priceOf, refundRate } from "@/lib/contracts/pricing";
import type { Reservation } from "@/lib/contracts/reservations";
import { inZone } from "../booking-values";
import { changedPrice, isOnlyLess, type Place, segmentOf } from "../changed-price";
import { creditsWords, formatSigned } from "../money-words";
import type { Draft } from "./drag-rules";

/** What dropping a draft would mean: what it costs or gives back, and whether it can be. */
export type Verdict = { price: string | null; problem: string | null };

export type DragWorld = {
  pool: Pool | undefined;
  policy: BookingPolicy | undefined;
  profile: AvailabilityProfile | undefined;
  /** The reservation that is dragged, once it has arrived: its price tells what a change costs. */
  reservation: Reservation | undefined;
  /** Its bars. */
  parts: readonly Bar[];
  now: Date;
  /** In which the times of what is wrong are told. */
  zone: string;
};

const MINUTE = 60_000;

/** By the very rules that the server decides by; what has not arrived yet is left out. */
export function verdictOf(draft: Draft, world: DragWorld): Verdict {
  if (draft.kind === "release") return releaseVerdict(draft, world);
  const { pool, now, parts, zone } = world;
  if (!pool) return { price: null, problem: null };
  const open = pool.open || parts.some((part) => isOnlyLess(draft, placeOf(part)));
  const startFixed = parts.some(({ status }) => status === "active");
  const [error] = checkBooking({ ...pool, open }, [segmentOf(draft)], now, { startFixed });
  return {
    price: priceWords(draft, pool, world),
    problem: error ? inZone(error.message, zone) : roomProblem(draft, pool, world),
  };
}

/** What it costs; for a change, how much more or less than now. */
function priceWords(draft: Draft, pool: Pool, { policy, reservation, now }: DragWorld): string | null {
  if (!policy) return null;
  const rateMicros = pool.price_micros_per_gpu_hour;
  try {
    if (draft.kind === "create") {
      const price = priceOf({ segments: [segmentOf(draft)], rateMicros, policy, bookedAt: now });
      return creditsWords(price.total_micros);
    }
    if (!reservation) return null;
    const price = changedPrice(reservation, draft, { rateMicros, policy, now });
    const difference = price.total_micros - reservation.price.total_micros;
    return difference === 0 ? "same price" : `${formatSigned(difference)} credits`;
  } catch {
    // Longer or larger than anything that can be paid for; checkBooking says so.
    return null;
  }
}

function placeOf({ pool_id, gpu_count, starts_at, ends_at }: Bar): Place {
  return { poolId: pool_id, gpuCount: gpu_count, from: Date.parse(starts_at), to: Date.parse(ends_at) };
}

/** With the pool's buffers, and as if the reservation's own time were free. */
function roomProblem(draft: Draft, pool: Pool, { profile, parts }: DragWorld): string | null {
  if (!profile) return null;
  const [before, after] = [pool.buffer_before_minutes * MINUTE, pool.buffer_after_minutes * MINUTE];
  const own: Load[] = parts
    .map(placeOf)
    .filter(({ poolId }) => poolId === pool.id)
    .map(({ from, to, gpuCount }) => ({ from: from - before, to: to + after, count: gpuCount }));
  const without: Profile = addLoads(profile, own);
  const load = { from: draft.from - before, to: draft.to + after, count: draft.gpuCount };
  if (hasRoom(without, [load])) return null;
  const free = Math.max(0, minFree(without, load.from, load.to));
  return free === 0 ? "No GPU is free all that time." : `Only ${free} free all that time.`;
}

function releaseVerdict(draft: Draft, { reservation, policy, now }: DragWorld): Verdict {
  if (draft.to <= now.getTime()) return { price: null, problem: "That time has passed." };
  if (!reservation || !policy) return { price: null, problem: null };
  const part = { from: Math.max(draft.from, now.getTime()), to: draft.to, count: draft.gpuCount };
  const { rate_micros_per_gpu_hour: rateMicros, discount_bps: exactBps } = reservation.price;
  const { total_micros } = priceOf({
    segments: [segmentOf({ ...draft, from: part.from })],
    rateMicros,
    policy,
    bookedAt: now,
    exactBps,
  });
  const back = Math.floor((total_micros * refundRate(policy, part.from - now.getTime())) / 10_000);
  return { price: `about ${creditsWords(back)} back`, problem: null };
}
