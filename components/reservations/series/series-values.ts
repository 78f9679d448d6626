import type { FieldError } from "@/lib/contracts/problem";
import { SERIES_LIMITS, type SeriesRule, WEEKDAYS, type Weekday } from "@/lib/contracts/series";
import { addDays, wallOf } from "@/lib/contracts/zones";
import type { SeriesInput } from "@/store/series-api";
import { isDay } from "../address-parts";
import {
  type BookingErrors,
  type BookingValues,
  type BookingWorld,
  placeFieldErrors,
  readBooking,
  readCount,
} from "../booking-values";
import { startOfDayNamed } from "../calendar/days";

/** How often the booking is repeated, as it is typed. */
export type RepeatValues = {
  frequency: SeriesRule["frequency"];
  interval: string;
  /** Only with weekly; none: the weekday of the start. */
  weekdays: Weekday[];
  ends: "count" | "until";
  count: string;
  /** The last day, `YYYY-MM-DD`, by the form's zone. */
  until: string;
  anchor: SeriesRule["anchor"];
  skipConflicts: boolean;
};

export type RepeatErrors = Partial<Record<"interval" | "count" | "until" | "weekdays", string>>;

export const STARTING_REPEAT: RepeatValues = {
  frequency: "weekly",
  interval: "1",
  weekdays: [],
  ends: "count",
  count: "4",
  until: "",
  anchor: "wall_clock",
  skipConflicts: false,
};

export type SeriesReading = {
  booking: BookingErrors;
  repeat: RepeatErrors;
  /** What POST reservation-series gets; null while something is wrong. */
  body: SeriesInput | null;
};

/** What the form means, and what is wrong with it. Times are those of the zone's clock. */
export function readSeries(values: BookingValues, repeat: RepeatValues, world: BookingWorld): SeriesReading {
  const { errors: booking, body } = readBooking({ ...values, hold: false }, world);
  const errors: RepeatErrors = {};
  const interval = readCount(repeat.interval);
  if (interval === null || interval > SERIES_LIMITS.interval) {
    errors.interval = `Enter a whole number from 1 to ${SERIES_LIMITS.interval}`;
  }
  const count = readCount(repeat.count);
  if (repeat.ends === "count" && (count === null || count > SERIES_LIMITS.occurrences)) {
    errors.count = `Enter a whole number from 1 to ${SERIES_LIMITS.occurrences}`;
  }
  const until = repeat.ends === "until" ? endOfDay(repeat.until, world.zone) : null;
  if (repeat.ends === "until" && until === null) errors.until = "Enter the last day";
  if (body === null || Object.keys(errors).length > 0) return { booking, repeat: errors, body: null };
  const {
    hold: _hold,
    quote_id: _quote,
    segments: _segments,
    gpu_count = 1,
    starts_at = "",
    ends_at = "",
    webhook,
    ...rest
  } = body;
  return {
    booking,
    repeat: errors,
    body: {
      template: { ...rest, gpu_count, starts_at, ends_at },
      rule: {
        frequency: repeat.frequency,
        interval: interval ?? 1,
        ...(repeat.frequency === "weekly" && repeat.weekdays.length > 0 && { weekdays: inOrder(repeat.weekdays) }),
        ...(until === null ? { count: count ?? 1 } : { until }),
        anchor: repeat.anchor,
        time_zone: world.zone,
      },
      skip_conflicts: repeat.skipConflicts,
      ...(webhook !== undefined && { webhook }),
    },
  };
}

/** The API's errors beside the form's fields. Returns those that have no field. */
export function placeSeriesErrors(
  reading: Pick<SeriesReading, "booking" | "repeat">,
  refused: readonly FieldError[],
  zone: string,
): FieldError[] {
  const rest = refused.filter(({ field, message }) => {
    const name = (["interval", "count", "until", "weekdays"] as const).find((known) =>
      field.startsWith(`rule.${known}`),
    );
    if (name !== undefined) reading.repeat[name] ??= message;
    return name === undefined;
  });
  return placeFieldErrors(
    reading.booking,
    rest.map((error) => ({ ...error, field: error.field.replace(/^template\./, "") })),
    zone,
  );
}

/** The weekday of a moment by a zone's clock. */
export function weekdayOf(ms: number, zone: string): Weekday {
  return WEEKDAYS[(new Date(wallOf(zone, ms)).getUTCDay() + 6) % 7] ?? "mo";
}

function inOrder(days: readonly Weekday[]): Weekday[] {
  return WEEKDAYS.filter((day) => days.includes(day));
}

/** The last moment of the day by a zone's clock; null for what is no date. */
function endOfDay(date: string, zone: string): string | null {
  return isDay(date) ? new Date(addDays(zone, startOfDayNamed(zone, date), 1) - 1).toISOString() : null;
}
