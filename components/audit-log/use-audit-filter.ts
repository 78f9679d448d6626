"use client";
import { createParser, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useCallback, useMemo } from "react";
import { parseMoment, parseRange, resolveRange, type TimeRange } from "@/components/deliveries/time-range";
import { AUDIT_OUTCOMES, type AuditFilter } from "@/lib/contracts/audit-log";

const asMoment = createParser({ parse: parseMoment, serialize: String });

/** The names are the API's own, so that a filter reads the same in both. */
const PARAMETERS = {
  actor_id: parseAsString.withDefault(""),
  action: parseAsString.withDefault(""),
  target_id: parseAsString.withDefault(""),
  outcome: parseAsStringLiteral(AUDIT_OUTCOMES),
  range: createParser({ parse: parseRange, serialize: String }),
  from: asMoment,
  to: asMoment,
};

export type AuditFilterValues = TimeRange & {
  actor_id: string;
  action: string;
  target_id: string;
  outcome: (typeof AUDIT_OUTCOMES)[number] | null;
};

export const NO_AUDIT_FILTER: AuditFilterValues = {
  actor_id: "",
  action: "",
  target_id: "",
  outcome: null,
  range: null,
  from: null,
  to: null,
};

/**
 * The filter of the audit log, which lives in the URL and nowhere else.
 * @param now the moment that a relative range is relative to, Unix ms
 */
export function useAuditFilter(now: number) {
  const [values, setValues] = useQueryStates(PARAMETERS);
  const key = JSON.stringify(values);
  const minute = Math.floor(now / 60_000) * 60_000;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same values are the same filter
  const filter = useMemo((): AuditFilter => {
    const { actor_id, action, target_id, outcome, ...time } = values;
    return {
      ...(actor_id && { actor_id }),
      ...(action && { action }),
      ...(target_id && { target_id }),
      ...(outcome && { outcome }),
      ...resolveRange(time, minute),
    };
  }, [key, minute]);
  const setFilter = useCallback(
    (changes: Partial<AuditFilterValues>) => {
      const typed = Object.keys(changes).join() === "target_id";
      void setValues(changes, { history: typed ? "replace" : "push" });
    },
    [setValues],
  );
  const isFiltered = Object.values(values).some((value) => value !== null && value !== "");
  return { values, filter, setFilter, isFiltered };
}
