import type { BookingPolicy } from "@/lib/contracts/booking-policy";
import { type Price, priceOf, usedMicros } from "@/lib/contracts/pricing";
import type { Reservation } from "@/lib/contracts/reservations";

/** GPUs of a pool from a time to another, in Unix ms. */
export type Place = { poolId: string; gpuCount: number; from: number; to: number };

/** What a price was agreed for. */
export type Booked = Pick<
  Reservation,
  "status" | "pool_id" | "gpu_count" | "starts_at" | "ends_at" | "price" | "created_at"
>;

/** Whether nothing is wanted that is not booked already: it then keeps its discount, and a closed pool lets it be. */
export function isOnlyLess(wanted: Place, booked: Place): boolean {
  return (
    wanted.poolId === booked.poolId &&
    wanted.gpuCount <= booked.gpuCount &&
    wanted.from >= booked.from &&
    wanted.to <= booked.to
  );
}

/**
 * What a booking of one part would cost after a change, as the server prices it: in its pool it keeps its rate; its
 * discount never worsens, stays as it is when something is only given back, and does not get better where that would
 * make what has been used cheaper.
 * @param rateMicros of the pool in which it is wanted
 * @throws RangeError when it is more than can be counted
 */
export function changedPrice(
  booked: Booked,
  wanted: Place,
  { rateMicros, policy, now }: { rateMicros: number; policy: Pick<BookingPolicy, "discount">; now: Date },
): Price {
  const { price: old, pool_id: poolId, gpu_count: gpuCount } = booked;
  const request = {
    segments: [segmentOf(wanted)],
    rateMicros: wanted.poolId === poolId ? old.rate_micros_per_gpu_hour : rateMicros,
    policy,
    bookedAt: new Date(booked.created_at),
  };
  const asBefore = () => priceOf({ ...request, exactBps: old.discount_bps });
  const place = { poolId, gpuCount, from: Date.parse(booked.starts_at), to: Date.parse(booked.ends_at) };
  if (isOnlyLess(wanted, place)) return asBefore();
  const price = priceOf({ ...request, keptBps: old.discount_bps });
  return booked.status === "active" && usedMicros(price, now) < usedMicros(old, now) ? asBefore() : price;
}

export function segmentOf({ from, to, gpuCount }: Omit<Place, "poolId">) {
  return { starts_at: new Date(from).toISOString(), ends_at: new Date(to).toISOString(), gpu_count: gpuCount };
}
