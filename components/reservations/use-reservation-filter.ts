"use client";
import { parseAsArrayOf, parseAsBoolean, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useCallback, useMemo } from "react";
import { RESERVATION_STATUSES } from "@/lib/contracts/reservations";
import type { ReservationFilter } from "@/store/reservations-api";
import { asDay } from "./address-parts";

/** The names are the API's own, so that a filter reads the same in both. */
const PARAMETERS = {
  status: parseAsArrayOf(parseAsStringLiteral(RESERVATION_STATUSES)).withDefault([]),
  pool_id: parseAsString.withDefault(""),
  mine: parseAsBoolean.withDefault(false),
  /** The first and the last day, each as a whole, by UTC. */
  from: asDay,
  to: asDay,
  q: parseAsString.withDefault(""),
};

export type ReservationFilterValues = {
  status: (typeof RESERVATION_STATUSES)[number][];
  pool_id: string;
  mine: boolean;
  from: string | null;
  to: string | null;
  q: string;
};

export const NO_RESERVATION_FILTER: ReservationFilterValues = {
  status: [],
  pool_id: "",
  mine: false,
  from: null,
  to: null,
  q: "",
};

const DAY_MS = 86_400_000;

/**
 * The filter of the list of reservations, which lives in the URL and nowhere else. Each change is a step to which "back"
 * returns, except for what is typed, which would make a step of every pause.
 */
export function useReservationFilter() {
  const [values, setValues] = useQueryStates(PARAMETERS);
  const { status, pool_id, mine, from, to, q } = values;
  const filter = useMemo(
    (): ReservationFilter => ({
      ...(status.length > 0 && { status: status.join(",") }),
      ...(pool_id !== "" && { pool_id }),
      ...(mine && { mine: "true" as const }),
      ...(from !== null && { from: new Date(Date.parse(from)).toISOString() }),
      ...(to !== null && { to: new Date(Date.parse(to) + DAY_MS).toISOString() }),
      ...(q !== "" && { q }),
    }),
    [status, pool_id, mine, from, to, q],
  );
  const setFilter = useCallback(
    (changes: Partial<ReservationFilterValues>) => {
      const typed = Object.keys(changes).join() === "q";
      void setValues(changes, { history: typed ? "replace" : "push" });
    },
    [setValues],
  );
  return { values, filter, setFilter, isFiltered: Object.keys(filter).length > 0 };
}
