"use client";
import { createParser, parseAsArrayOf, parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { useCallback, useMemo } from "react";
import { parseMoment, parseRange, resolveRange, type TimeRange } from "@/components/deliveries/time-range";
import { LEDGER_KINDS, type LedgerFilter, type LedgerKind } from "@/lib/contracts/credits";

const asMoment = createParser({ parse: parseMoment, serialize: String });

/** The names are the API's own, so that a filter reads the same in both. */
const PARAMETERS = {
  kind: parseAsArrayOf(parseAsStringLiteral(LEDGER_KINDS)).withDefault([]),
  reservation_id: parseAsString.withDefault(""),
  grant_id: parseAsString.withDefault(""),
  range: createParser({ parse: parseRange, serialize: String }),
  from: asMoment,
  to: asMoment,
};

export type LedgerFilterValues = TimeRange & { kind: readonly LedgerKind[]; reservation_id: string; grant_id: string };

export const NO_LEDGER_FILTER: LedgerFilterValues = {
  kind: [],
  reservation_id: "",
  grant_id: "",
  range: null,
  from: null,
  to: null,
};

/**
 * The filter of the ledger, which lives in the URL and nowhere else. Each change is a step to which "back" returns,
 * except for what is typed, which would make a step of every pause.
 * @param now the moment that a relative range is relative to, Unix ms
 */
export function useLedgerFilter(now: number) {
  const [values, setValues] = useQueryStates(PARAMETERS);
  const key = JSON.stringify(values);
  const minute = Math.floor(now / 60_000) * 60_000;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the same values are the same filter
  const filter = useMemo((): LedgerFilter => {
    const { kind, reservation_id, grant_id, ...time } = values;
    return {
      ...(kind.length === 0 ? {} : { kind: kind.join(",") }),
      ...(reservation_id === "" ? {} : { reservation_id }),
      ...(grant_id === "" ? {} : { grant_id }),
      ...resolveRange(time, minute),
    };
  }, [key, minute]);
  const setFilter = useCallback(
    ({ kind, ...changes }: Partial<LedgerFilterValues>) => {
      const typed = kind === undefined && Object.keys(changes).join() === "reservation_id";
      void setValues(
        { ...changes, ...(kind === undefined ? {} : { kind: [...kind] }) },
        { history: typed ? "replace" : "push" },
      );
    },
    [setValues],
  );
  const isFiltered =
    values.kind.length > 0 ||
    [values.reservation_id, values.grant_id].some((text) => text !== "") ||
    [values.range, values.from, values.to].some((bound) => bound !== null);
  return { values, filter, setFilter, isFiltered };
}
