"use client";
import {
  createParser,
  parseAsArrayOf,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";
import { useMemo, useState } from "react";
import { parseMoment, parseRange, resolveRange, type TimeRange } from "@/components/deliveries/time-range";
import { REPLAY_KINDS, REPLAY_LIMITS, type ReplayKind } from "@/lib/contracts/replays";

const asRange = createParser({ parse: parseRange, serialize: String });
const asMoment = createParser({ parse: parseMoment, serialize: String });

/** What is looked at unless the address says otherwise. */
const DEFAULT_RANGE = "24h";

/** The form lives in its address, so that other pages can open it filled in. */
const PARAMETERS = {
  kind: parseAsStringLiteral(REPLAY_KINDS).withDefault("failed"),
  webhook_ids: parseAsArrayOf(parseAsString).withDefault([]),
  event_types: parseAsArrayOf(parseAsString).withDefault([]),
  range: asRange,
  from: asMoment,
  to: asMoment,
  rate: parseAsInteger.withDefault(REPLAY_LIMITS.rate.default),
};

/** What a replay is narrowed down to, as the API is asked for it. */
export type ScopeOf = (kind: ReplayKind) => {
  kind: ReplayKind;
  from: string;
  to: string;
  webhook_ids?: string[];
  event_types?: string[];
};

export function useReplayForm() {
  const [values, setValues] = useQueryStates(PARAMETERS);
  // A relative range stays the same stretch of time while its counts are compared and until they are asked for anew.
  const [now, setNow] = useState(() => Date.now());
  const { range, from, to, webhook_ids, event_types } = values;
  const time: TimeRange = useMemo(
    () => (from === null && to === null ? { range: range ?? DEFAULT_RANGE, from, to } : { range, from, to }),
    [range, from, to],
  );
  const scopeOf: ScopeOf | null = useMemo(() => {
    const bounds = resolveRange(time, now);
    const begin = bounds.from;
    if (begin === undefined) return null;
    return (kind) => ({
      kind,
      from: begin,
      to: bounds.to ?? new Date(now).toISOString(),
      ...(webhook_ids.length > 0 && { webhook_ids }),
      ...(event_types.length > 0 && { event_types }),
    });
  }, [time, now, webhook_ids, event_types]);
  return {
    values,
    time,
    /** null: the range has no beginning. */
    scopeOf,
    rateIsValid: values.rate >= REPLAY_LIMITS.rate.min && values.rate <= REPLAY_LIMITS.rate.max,
    change: (changes: Partial<typeof values>) => void setValues(changes),
    /** Counts again, up to now where the range ends there. */
    countAgain: () => setNow(Date.now()),
  };
}
