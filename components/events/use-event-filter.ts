"use client";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useCallback, useMemo } from "react";
import { EVENT_OUTCOMES } from "@/lib/contracts/events";
import type { EventFilter } from "@/store/event-filter";

/** The names are the API's own, so that a filter reads the same in both. */
const PARAMETERS = {
  type: parseAsString,
  correlation_id: parseAsString.withDefault(""),
  outcome: parseAsStringLiteral(EVENT_OUTCOMES),
};

export type EventFilterValues = { type: string | null; correlation_id: string; outcome: EventFilter["outcome"] | null };

export const NO_EVENT_FILTER: EventFilterValues = { type: null, correlation_id: "", outcome: null };

/**
 * The filter of the list of events, which lives in the URL and nowhere else. Each change is a step to which "back"
 * returns, except for what is typed, which would make a step of every pause.
 */
export function useEventFilter() {
  const [values, setValues] = useQueryStates(PARAMETERS);
  const { type, correlation_id, outcome } = values;
  const filter = useMemo(
    (): EventFilter => ({
      ...(type === null ? {} : { type }),
      ...(correlation_id === "" ? {} : { correlation_id }),
      ...(outcome === null ? {} : { outcome }),
    }),
    [type, correlation_id, outcome],
  );
  const setFilter = useCallback(
    (changes: Partial<EventFilterValues>) => {
      const typed = Object.keys(changes).join() === "correlation_id";
      const { outcome: next, ...rest } = changes;
      void setValues(
        { ...rest, ...(next === undefined ? {} : { outcome: next }) },
        { history: typed ? "replace" : "push" },
      );
    },
    [setValues],
  );
  return { values, filter, setFilter };
}
