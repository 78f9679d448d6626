"use client";
import type { BookingPolicy } from "@/lib/contracts/booking-policy";
import type { GpuType, Pool } from "@/lib/contracts/fleet";
import type { describeError } from "@/store/api-error";
import { useGetBookingPolicyQuery, useListGpuTypesQuery, useListPoolsQuery } from "@/store/reservations-api";

export type World = { pools: readonly Pool[]; types: readonly GpuType[]; policy: BookingPolicy };

export type WorldState =
  | { world: World; error?: undefined; retry?: undefined }
  | { world: null; error: Parameters<typeof describeError>[0]; retry: () => void }
  | { world: null; error?: undefined; retry?: undefined };

/** What every booking is made of: the pools, their GPU types and the rules of price and refund. */
export function useBookingWorld(): WorldState {
  const pools = useListPoolsQuery();
  const types = useListGpuTypesQuery();
  const policy = useGetBookingPolicyQuery();
  if (pools.data !== undefined && types.data !== undefined && policy.data !== undefined) {
    return { world: { pools: pools.data.data, types: types.data.data, policy: policy.data } };
  }
  const failed = [pools, types, policy].filter(({ isError, isFetching }) => isError && !isFetching);
  const [first] = failed;
  if (first === undefined) return { world: null };
  return { world: null, error: first.error, retry: () => failed.forEach((query) => void query.refetch()) };
}
