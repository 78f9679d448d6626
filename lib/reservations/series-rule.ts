import * as rruleModule from "rrule";
import {
  type OccurrenceTimes,
  SERIES_LIMITS,
  type SeriesRule,
  type SeriesTemplate,
  WEEKDAYS,
} from "@/lib/contracts/series";
import { instantOf, offsetAt, wallOf } from "@/lib/contracts/zones";
import { invalidField } from "@/lib/errors";

/** Bundlers find its ES module with named exports, Node its CommonJS one with everything under `default`. */
const { RRule } = (
  "RRule" in rruleModule ? rruleModule : (rruleModule as { default: unknown }).default
) as typeof rruleModule;

const HOUR = 3_600_000;
/** No rule within the limits reaches further: 61 occurrences, 52 weeks apart. */
const FAR = SERIES_LIMITS.interval * 7 * 24 * HOUR * (SERIES_LIMITS.occurrences + 1);
/** Clocks are not put forward or back by more than this. */
const LARGEST_CHANGE = 24 * HOUR;

/**
 * When the occurrences of a series are. With "wall_clock" they repeat by the clocks of the zone, and each moment follows
 * from the zone's rules; with "utc" they are equally far apart, and only weekdays are counted in the zone. All last as
 * long as the template.
 *
 * @throws AppError "validation_failed" when the template ends before it starts, when occurrences would overlap, and when
 *   there would be none or more than SERIES_LIMITS.occurrences
 */
export function expandSeries(
  { starts_at, ends_at }: Pick<SeriesTemplate, "starts_at" | "ends_at">,
  rule: SeriesRule,
): OccurrenceTimes[] {
  const start = Date.parse(starts_at);
  const duration = Date.parse(ends_at) - start;
  if (duration <= 0) throw invalidField("template.ends_at", "It ends before it starts: give a later end.");
  const times = rule.anchor === "utc" ? expandUtc(start, rule) : expandWallClock(start, rule);
  checkNumber(times.length, rule);
  checkOverlap(times, duration);
  return times.map(({ at, adjusted }, i) => {
    const before = times[i - 1];
    const offset = offsetAt(rule.time_zone, at);
    return {
      number: i + 1,
      starts_at: new Date(at).toISOString(),
      ends_at: new Date(at + duration).toISOString(),
      utc_offset_minutes: offset,
      offset_change_minutes: before === undefined ? 0 : offset - offsetAt(rule.time_zone, before.at),
      adjusted,
      overlaps_previous: before !== undefined && before.at + duration > at,
    };
  });
}

/** `nominal` is the time by the anchor's clock, in which all steps are equal. */
type Time = { at: number; nominal: number; adjusted: OccurrenceTimes["adjusted"] };

const ADJUSTED = { exact: null, ambiguous: "first_of_two", nonexistent: "moved_forward" } as const;

function expandWallClock(start: number, rule: SeriesRule): Time[] {
  const wall = wallOf(rule.time_zone, start);
  const until = rule.until === undefined ? undefined : Date.parse(rule.until);
  // Around a change of clocks the wall time does not tell which of two moments is later, so a little more is expanded.
  const wallUntil = until === undefined ? undefined : wallOf(rule.time_zone, until) + LARGEST_CHANGE;
  const times = floating(wall, rule, wallUntil).map((nominal): Time => {
    // A template in the second of two equal hours means that one; what follows from the rule takes the first.
    if (nominal === wall) return { at: start, nominal, adjusted: null };
    const { at, kind } = instantOf(rule.time_zone, nominal);
    return { at, nominal, adjusted: ADJUSTED[kind] };
  });
  return until === undefined ? times : times.filter(({ at }) => at <= until);
}

function expandUtc(start: number, rule: SeriesRule): Time[] {
  // Weekdays are the zone's at the template's start; the steps themselves are even in UTC.
  const shift = wallOf(rule.time_zone, start) - start;
  const until = rule.until === undefined ? undefined : Date.parse(rule.until) + shift;
  return floating(start + shift, rule, until).map((wall) => ({ at: wall - shift, nominal: wall, adjusted: null }));
}

/**
 * The rule on times without a zone, as the milliseconds that UTC would have. Stops a few above the limit, which is
 * enough to see that it is exceeded.
 */
function floating(
  start: number,
  { frequency, interval, weekdays, count }: SeriesRule,
  until: number | undefined,
): number[] {
  // rrule counts whole seconds.
  const rest = ((start % 1000) + 1000) % 1000;
  const rule = new RRule({
    freq: frequency === "daily" ? RRule.DAILY : RRule.WEEKLY,
    interval,
    wkst: RRule.MO,
    dtstart: new Date(start - rest),
    ...(weekdays && { byweekday: weekdays.map((day) => WEEKDAYS.indexOf(day)) }),
    ...(count === undefined ? { until: new Date(Math.min(until ?? start + FAR, start + FAR) - rest) } : { count }),
  });
  return rule.all((_, index) => index <= SERIES_LIMITS.occurrences + 2).map((date) => date.getTime() + rest);
}

function checkNumber(found: number, rule: SeriesRule): void {
  if (found === 0) throw invalidField("rule.until", "No occurrence starts by then: give a later time.");
  if (found <= SERIES_LIMITS.occurrences) return;
  throw invalidField(
    rule.until === undefined ? "rule.count" : "rule.until",
    `A series has at most ${SERIES_LIMITS.occurrences} occurrences: give an earlier time, or repeat less often.`,
  );
}

/** Overlaps by the rule itself are a mistake; those that a change of clocks makes are told instead. */
function checkOverlap(times: readonly Time[], duration: number): void {
  if (times.every(({ nominal }, i) => nominal + duration <= (times[i + 1]?.nominal ?? Number.POSITIVE_INFINITY)))
    return;
  throw invalidField("template.ends_at", "The occurrences would overlap: make them shorter, or repeat less often.");
}
