"use client";
import { parseAsString, useQueryStates } from "nuqs";
import { useCallback, useMemo } from "react";
import { type LogFilter, NO_FILTER } from "./log-filter";
import { LOG_PARAMETERS, mutable } from "./log-params";

const PARAMETERS = { ...LOG_PARAMETERS, view: parseAsString };

export type LogAddress = {
  filter: LogFilter;
  /** The saved view that the filter came from; it may have been changed since. */
  viewId: string | null;
  setFilter: (changes: Partial<LogFilter>) => void;
  clearFilter: () => void;
  /** Shows a view's filter, or leaves the view with null. `replace`: without a step to go back to. */
  openView: (id: string | null, filter: LogFilter | null, history?: "push" | "replace") => void;
};

/**
 * The log's filter, which lives in the URL and nowhere else. Each change is a step to which "back" returns, except for
 * what is typed, which would make a step of every pause.
 */
export function useLogFilter(): LogAddress {
  const [{ view, ...values }, setValues] = useQueryStates(PARAMETERS);
  const key = JSON.stringify(values);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same values are the same filter
  const filter: LogFilter = useMemo(() => values, [key]);
  const setFilter = useCallback(
    (changes: Partial<LogFilter>) => {
      const typed = Object.keys(changes).join() === "q";
      void setValues(mutable(changes), { history: typed ? "replace" : "push" });
    },
    [setValues],
  );
  const openView: LogAddress["openView"] = useCallback(
    (id, next, history = "push") => {
      void setValues({ view: id, ...(next === null ? {} : mutable(next)) }, { history });
    },
    [setValues],
  );
  const clearFilter = useCallback(() => openView(null, NO_FILTER), [openView]);
  return { filter, viewId: view, setFilter, clearFilter, openView };
}
