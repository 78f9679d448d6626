"use client";
import { parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useCallback, useMemo } from "react";
import { INSTANCE_STATUSES, type InstanceStatus } from "@/lib/contracts/instances";
import type { InstanceFilter } from "@/store/instances-api";

/** The names are the API's own, so that a filter reads the same in both. */
const PARAMETERS = {
  status: parseAsArrayOf(parseAsStringLiteral(INSTANCE_STATUSES)).withDefault([]),
  reservation_id: parseAsString.withDefault(""),
};

export type InstanceFilterValues = { status: InstanceStatus[]; reservation_id: string };

export const NO_INSTANCE_FILTER: InstanceFilterValues = { status: [], reservation_id: "" };

/** The filter of the list of instances, which lives in the URL and nowhere else. */
export function useInstanceFilter() {
  const [values, setValues] = useQueryStates(PARAMETERS);
  const { status, reservation_id } = values;
  const filter = useMemo(
    (): InstanceFilter => ({
      ...(status.length > 0 && { status: status.join(",") }),
      ...(reservation_id !== "" && { reservation_id }),
    }),
    [status, reservation_id],
  );
  const setFilter = useCallback(
    (changes: Partial<InstanceFilterValues>) => void setValues(changes, { history: "push" }),
    [setValues],
  );
  return { values, filter, setFilter, isFiltered: Object.keys(filter).length > 0 };
}
