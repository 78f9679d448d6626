"use client";
import { useListGpuTypesQuery, useListPoolsQuery } from "@/store/reservations-api";
import type { NameOfPlace } from "./words";

/** The names of pools and GPU types, as far as they are loaded. */
export function usePlaceNames(): NameOfPlace {
  const pools = useListPoolsQuery().data?.data ?? [];
  const types = useListGpuTypesQuery().data?.data ?? [];
  return (id) => [...pools, ...types].find((place) => place.id === id)?.name ?? id;
}
