"use client";
import { useMemo } from "react";
import { useProject } from "@/components/shell/project-context";
import type { Bar } from "@/lib/contracts/calendar";
import type { Pool } from "@/lib/contracts/fleet";
import { addDays, clockChanges, startOfDay } from "@/lib/contracts/zones";
import {
  useGetAvailabilityQuery,
  useGetBookingPolicyQuery,
  useGetCalendarQuery,
  useListGpuTypesQuery,
  useListPoolsQuery,
} from "@/store/reservations-api";
import type { CalendarAddress } from "./calendar-address";
import { stripDays } from "./strip-model";

const HOUR = 3_600_000;
const NO_BARS: readonly Bar[] = [];
const NO_POOLS: readonly Pool[] = [];

/** The pools that the filters leave, and their ids; null: all of them. */
export function useChosenPools({ poolIds, typeIds }: CalendarAddress) {
  const query = useListPoolsQuery();
  const types = useListGpuTypesQuery();
  const all = query.data?.data ?? NO_POOLS;
  const pools = useMemo(
    () =>
      all.filter(
        ({ id, gpu_type }) =>
          (poolIds.length === 0 || poolIds.includes(id)) && (typeIds.length === 0 || typeIds.includes(gpu_type.id)),
      ),
    [all, poolIds, typeIds],
  );
  const isFiltered = poolIds.length > 0 || typeIds.length > 0;
  const ids = useMemo(() => (isFiltered ? new Set(pools.map(({ id }) => id)) : null), [isFiltered, pools]);
  const names = useMemo(() => new Map(all.map(({ id, name }) => [id, name])), [all]);
  return { query, all, pools, ids, names, types: types.data?.data ?? [] };
}

/** What is booked in a range, and only in it; null: nothing is asked. */
export function useBars(range: { from: number; to: number } | null, poolIds: ReadonlySet<string> | null) {
  const { project } = useProject();
  const [only] = poolIds ?? [];
  const query = useGetCalendarQuery(
    {
      projectId: project.id,
      from: new Date(range?.from ?? 0).toISOString(),
      to: new Date(range?.to ?? 0).toISOString(),
      ...(poolIds?.size === 1 && only !== undefined ? { pool_id: only } : {}),
    },
    { skip: range === null },
  );
  return { query, bars: query.currentData?.bars ?? NO_BARS };
}

/** What is free in the 90 days of the strip, and by which prices and rules it is booked. */
export function useCapacity(zone: string, now: number) {
  const { project } = useProject();
  const today = startOfDay(zone, now);
  const hour = Math.floor(now / HOUR) * HOUR;
  const days = useMemo(() => stripDays(zone, today), [zone, today]);
  const query = useGetAvailabilityQuery({
    projectId: project.id,
    from: new Date(Math.max(hour, today)).toISOString(),
    to: new Date(days.at(-1) ?? today).toISOString(),
  });
  const policy = useGetBookingPolicyQuery();
  return { query, days, availability: query.data, policy: policy.data };
}

/** The days in a range on which clocks change, by their first moment. */
export function useClockChanges(zone: string, from: number, to: number) {
  return useMemo(
    () => new Map(clockChanges(zone, from, to).map((change) => [startOfDay(zone, change.at), change])),
    [zone, from, to],
  );
}

/** The first moments of the days of a range. */
export function daysOf(zone: string, from: number, to: number): number[] {
  const days: number[] = [];
  for (let day = startOfDay(zone, from); day < to; day = addDays(zone, day, 1)) days.push(day);
  return days;
}
