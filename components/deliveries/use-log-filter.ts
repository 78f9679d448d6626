"use client";
import { createParser, parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useCallback } from "react";
import { DELIVERY_STATUSES } from "@/lib/contracts/deliveries";
import { type LogFilter, NO_FILTER } from "./log-filter";
import { parseMoment, parseRange } from "./time-range";

const asRange = createParser({ parse: parseRange, serialize: String });
const asMoment = createParser({ parse: parseMoment, serialize: String });

/** The names are the API's own, so that a filter reads the same in both. */
const PARAMETERS = {
  webhook_id: parseAsString,
  event_type: parseAsString,
  status: parseAsArrayOf(parseAsStringLiteral(DELIVERY_STATUSES)).withDefault([]),
  range: asRange,
  from: asMoment,
  to: asMoment,
  q: parseAsString.withDefault(""),
};

/**
 * The log's filter, which lives in the URL and nowhere else. Each change is a step to which "back" returns, except for
 * what is typed, which would make a step of every pause.
 */
export function useLogFilter(): {
  filter: LogFilter;
  setFilter: (changes: Partial<LogFilter>) => void;
  clearFilter: () => void;
} {
  const [filter, setValues] = useQueryStates(PARAMETERS);
  const setFilter = useCallback(
    ({ status, ...changes }: Partial<LogFilter>) => {
      const typed = Object.keys(changes).join() === "q" && status === undefined;
      void setValues(
        { ...changes, ...(status === undefined ? {} : { status: [...status] }) },
        { history: typed ? "replace" : "push" },
      );
    },
    [setValues],
  );
  const clearFilter = useCallback(() => setFilter(NO_FILTER), [setFilter]);
  return { filter, setFilter, clearFilter };
}
