"use client";
import {
  createParser,
  parseAsArrayOf,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
  useQueryStates,
} from "nuqs";
import { useCallback } from "react";
import { asDay, asZone } from "@/components/reservations/address-parts";
import { useReaderZone } from "@/components/reservations/use-reader-zone";
import { BOOKING_LIMITS } from "@/lib/contracts/availability";
import type { BarKind } from "@/lib/contracts/calendar";

export const CALENDAR_VIEWS = ["month", "week", "agenda", "gantt", "list"] as const;
export type CalendarView = (typeof CALENDAR_VIEWS)[number];

/** Whose stretches are shown; what is out of order belongs to maintenance. */
export const WHOSE = ["mine", "team", "others", "maintenance"] as const;
export type Whose = (typeof WHOSE)[number];

/** Other projects' bookings are counted day by day; one by one they would leave no room for one's own. */
export const USUAL_WHOSE: readonly Whose[] = ["mine", "team", "maintenance"];

export const DEFAULT_GPUS = 8;

const asCount = createParser({
  parse: (text) => {
    const count = parseAsInteger.parse(text);
    return count !== null && count >= 1 && count <= BOOKING_LIMITS.gpus ? count : null;
  },
  serialize: String,
});
const asIds = parseAsArrayOf(parseAsString).withDefault([]);

const PARAMETERS = {
  view: parseAsStringLiteral(CALENDAR_VIEWS),
  date: asDay,
  zone: asZone,
  pool: asIds,
  type: asIds,
  whose: parseAsArrayOf(parseAsStringLiteral(WHOSE)),
  gpus: asCount.withDefault(DEFAULT_GPUS),
  free: parseAsStringLiteral(["pool", "type"]).withDefault("pool"),
};

export type CalendarAddress = {
  /** null: the one that suits the screen. */
  view: CalendarView | null;
  /** A day of the zone's calendar; null: today. */
  day: string | null;
  zone: string;
  poolIds: readonly string[];
  typeIds: readonly string[];
  whose: readonly Whose[];
  /** How many GPUs a booking that is dragged has, and for which the strip says whether they fit. */
  gpus: number;
  /** What a line of the strip of free capacity stands for. */
  freePer: "pool" | "type";
  set: (changes: Partial<CalendarAddressValues>, history?: "push" | "replace") => void;
};

export type CalendarAddressValues = {
  view: CalendarView | null;
  date: string | null;
  zone: string | null;
  pool: string[] | null;
  type: string[] | null;
  whose: Whose[] | null;
  gpus: number | null;
  free: "pool" | "type" | null;
};

/** Everything that the reader chose on the page; it lives in the URL and nowhere else. */
export function useCalendarAddress(): CalendarAddress {
  const [values, setValues] = useQueryStates(PARAMETERS);
  const readerZone = useReaderZone();
  const set = useCallback(
    (changes: Partial<CalendarAddressValues>, history: "push" | "replace" = "push") => {
      void setValues(changes, { history });
    },
    [setValues],
  );
  return {
    view: values.view,
    day: values.date,
    zone: values.zone ?? readerZone,
    poolIds: values.pool,
    typeIds: values.type,
    whose: values.whose ?? USUAL_WHOSE,
    gpus: values.gpus,
    freePer: values.free,
    set,
  };
}

/** What a bar counts as in the filter. */
export function whoseOf(kind: BarKind): Whose {
  return kind === "outage" ? "maintenance" : kind;
}
