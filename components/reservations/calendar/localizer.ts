import { tz } from "@date-fns/tz";
import { addMonths, addYears } from "date-fns";
import { DateLocalizer } from "react-big-calendar";
import { floorTo } from "@/lib/contracts/booking-rules";
import { instantOf, offsetAt, startOfWallDay, wallOf } from "@/lib/contracts/zones";
import { calendarFormats } from "./localizer-formats";

/**
 * The calendar's arithmetic in any IANA zone, whatever the browser's own is. Dates are moments; days, weeks, months and
 * the rows of the time grid follow the zone's clock. A day always has 24 rows: what the clock skips has no height, and
 * what it shows twice shares a row, which the bars then tell apart by their offset.
 *
 * The library's own localizers know the browser's zone only, or one global zone: see docs/decisions/0014.
 */
export function zonedLocalizer(zone: string, firstDayOfWeek: number): ZonedLocalizer {
  const units = new ZoneUnits(zone, firstDayOfWeek);
  const { startOf, endOf, add, diff, range, compare } = units;
  const firstVisibleDay = (date: Date) => startOf(startOf(date, "month"), "week");
  const lastVisibleDay = (date: Date) => endOf(endOf(date, "month"), "week");
  const minutesInto = (day: Date, date: Date) => (units.rowWall(+date) - units.rowWall(+day)) / UNITS.minutes;
  const spec = {
    formats: calendarFormats(zone),
    format: (value: unknown) => String(value),
    firstOfWeek: () => firstDayOfWeek,
    startOf,
    endOf,
    add,
    diff,
    range,
    lt: (a: Date, b: Date, unit?: string) => compare(a, b, unit) < 0,
    lte: (a: Date, b: Date, unit?: string) => compare(a, b, unit) <= 0,
    gt: (a: Date, b: Date, unit?: string) => compare(a, b, unit) > 0,
    gte: (a: Date, b: Date, unit?: string) => compare(a, b, unit) >= 0,
    eq: (a: Date, b: Date, unit?: string) => compare(a, b, unit) === 0,
    neq: (a: Date, b: Date, unit?: string) => compare(a, b, unit) !== 0,
    inRange: (date: Date, from: Date, to: Date, unit = "day") =>
      compare(date, from, unit) >= 0 && compare(date, to, unit) <= 0,
    min: (a: Date | undefined, b: Date | undefined) => pick(a, b, Math.min),
    max: (a: Date | undefined, b: Date | undefined) => pick(a, b, Math.max),
    ceil: (date: Date, unit?: string) => {
      const floor = startOf(date, unit);
      return +floor === +date ? floor : add(floor, 1, unit);
    },
    merge: units.merge,
    firstVisibleDay,
    lastVisibleDay,
    visibleDays: (date: Date) => range(firstVisibleDay(date), lastVisibleDay(date), "day"),
    getSlotDate: (day: Date, minutes: number, offset: number) =>
      units.dateOf(floorTo(units.rowWall(+day), UNITS.day) + (minutes + offset) * UNITS.minutes),
    getTimezoneOffset: (date: Date) => -offsetAt(zone, +date),
    // `diff` in minutes already counts by the clock, so that there is nothing left to correct.
    getDstOffset: () => 0,
    getTotalMin: (from: Date, to: Date) => Math.floor(minutesInto(from, to)),
    getMinutesFromMidnight: (date: Date) => Math.floor(modulo(units.rowWall(+date), UNITS.day) / UNITS.minutes),
    continuesPrior: (start: Date, first: Date) => +start < +first,
    continuesAfter: (_start: Date, end: Date, last: Date) => +end > +last,
    daySpan: (from: Date, to: Date) => Math.ceil((units.rowWall(+to) - units.rowWall(+from)) / UNITS.day),
    isSameDate: (a: Date, b: Date) => compare(a, b, "day") === 0,
    // Nothing here is a date without a time.
    startAndEndAreDateOnly: () => false,
    sortEvents: ({ evtA: a, evtB: b }: { evtA: Span; evtB: Span }) =>
      compare(a.start, b.start, "day") || lengthOf(b) - lengthOf(a) || +a.start - +b.start || +a.end - +b.end,
    inEventRange: ({ event, range: within }: { event: Span; range: Span }) =>
      compare(event.start, within.end, "day") <= 0 &&
      (+event.end > +within.start || (+event.start === +event.end && +event.end >= +within.start)),
    // Days are told apart in the zone already: no shift for zones east of the browser's.
    browserTZOffset: () => 0,
  };
  // The published types lag the library: most of what it calls is missing from them.
  return new DateLocalizer(spec as unknown as ConstructorParameters<typeof DateLocalizer>[0]) as ZonedLocalizer;
}

/** What the published types narrow more than the library does: any unit, in singular or plural. */
export type ZonedLocalizer = DateLocalizer & {
  startOf: (date: Date, unit?: string) => Date;
  endOf: (date: Date, unit?: string) => Date;
  add: (date: Date, count: number, unit?: string) => Date;
  range: (from: Date, to: Date, unit?: string) => Date[];
};

type Span = { start: Date; end: Date };
type Unit = "milliseconds" | "seconds" | "minutes" | "hours" | "day" | "week" | "month" | "year";

const UNITS = { milliseconds: 1, seconds: 1000, minutes: 60_000, hours: 3_600_000, day: 86_400_000, week: 604_800_000 };
/** No clock is put forward by more than this at midnight, short of a whole day. */
const LONGEST_SKIP = 3 * UNITS.hours;
/** Wall times are computed with as if they were UTC. */
const WALL = { in: tz("UTC") };

/** The library names units in singular and in plural, and leaves them out for exact comparison. */
function unitOf(name: string | undefined): Unit {
  switch (name) {
    case "seconds":
    case "second":
      return "seconds";
    case "minutes":
    case "minute":
      return "minutes";
    case "hours":
    case "hour":
      return "hours";
    case "day":
    case "days":
    case "date":
      return "day";
    case "week":
    case "weeks":
      return "week";
    case "month":
    case "months":
      return "month";
    case "year":
    case "years":
      return "year";
    default:
      return "milliseconds";
  }
}

/** Dates by the clock of one zone. */
class ZoneUnits {
  /** First moments of days by their wall time: a month of bookings asks for the same few dozen thousands of times. */
  private readonly midnights = new Map<number, number>();

  constructor(
    private readonly zone: string,
    private readonly firstDayOfWeek: number,
  ) {}

  /** Tolerates what is no date: the library asks for the start of nothing. */
  startOf = (date: Date | null | undefined, unit?: string, firstDayOfWeek = this.firstDayOfWeek): Date => {
    if (date === null || date === undefined || Number.isNaN(+date)) return new Date(Number.NaN);
    const size = unitOf(unit);
    if (size === "milliseconds") return new Date(date);
    // Offsets are whole minutes, so these need no clock, and stay in the right one of two equal hours.
    if (size === "seconds" || size === "minutes") return new Date(floorTo(+date, UNITS[size]));
    return this.dateOf(this.floor(wallOf(this.zone, +date), size, firstDayOfWeek));
  };

  endOf = (date: Date, unit?: string, firstDayOfWeek = this.firstDayOfWeek): Date => {
    const size = unitOf(unit);
    if (size === "milliseconds") return new Date(date);
    if (size === "seconds" || size === "minutes") return new Date(floorTo(+date, UNITS[size]) + UNITS[size] - 1);
    const next = this.addWall(this.floor(wallOf(this.zone, +date), size, firstDayOfWeek), 1, size);
    return new Date(+this.dateOf(next) - 1);
  };

  /**
   * Hours and less are exact; days and more keep the clock's time and, of months, the day as far as the month has it.
   * The start of a day stays one, also where the clock skips midnight.
   */
  add = (date: Date, count: number, unit?: string): Date => {
    const size = unitOf(unit);
    if (size === "milliseconds" || size === "seconds" || size === "minutes" || size === "hours") {
      return new Date(+date + count * UNITS[size]);
    }
    return count === 0 ? new Date(date) : this.dateOf(this.addWall(this.rowWall(+date), count, size));
  };

  /** Whole units from a to b, by the clock; milliseconds are exact. */
  diff = (a: Date, b: Date, unit = "day"): number => {
    const size = unitOf(unit);
    if (size === "milliseconds") return +b - +a;
    const [from, to] = [this.rowWall(+a), this.rowWall(+b)];
    if (size !== "month" && size !== "year") return Math.floor((to - from) / UNITS[size]);
    const [first, last] = [new Date(from), new Date(to)];
    const years = last.getUTCFullYear() - first.getUTCFullYear();
    return size === "year" ? years : years * 12 + last.getUTCMonth() - first.getUTCMonth();
  };

  range = (from: Date, to: Date, unit = "day"): Date[] => {
    const dates: Date[] = [];
    for (let date = new Date(from); this.compare(date, to, unit) <= 0; date = this.add(date, 1, unit)) dates.push(date);
    return dates;
  };

  compare = (a: Date, b: Date, unit?: string): number => {
    const size = unitOf(unit);
    if (size === "milliseconds") return +a - +b;
    if (size === "seconds" || size === "minutes") return floorTo(+a, UNITS[size]) - floorTo(+b, UNITS[size]);
    const floor = (date: Date) => this.floor(wallOf(this.zone, +date), size, this.firstDayOfWeek);
    return floor(a) - floor(b);
  };

  /** The day of one and the clock's time of the other. */
  merge = (day: Date | null, time: Date | null): Date | null => {
    if (day === null && time === null) return null;
    const [date, clock] = [day ?? time ?? new Date(), time ?? day ?? new Date()];
    const wall = wallOf(this.zone, +clock);
    const merged = floorTo(wallOf(this.zone, +date), UNITS.day) + modulo(wall, UNITS.day);
    // On its own day it stays what it is, also when the clock shows that time twice.
    return merged === wall ? new Date(clock) : this.dateOf(merged);
  };

  /** The moment of a wall time: of two, the first; of none, the moment at which the clock skips it. */
  dateOf = (wall: number): Date => {
    if (modulo(wall, UNITS.day) === 0) return new Date(this.midnight(wall));
    const instant = instantOf(this.zone, wall);
    return new Date(instant.kind === "nonexistent" ? instant.change : instant.at);
  };

  /** The wall time, except that the first moment of a day counts as midnight where the clock skips midnight. */
  rowWall = (ms: number): number => {
    const wall = wallOf(this.zone, ms);
    const sinceMidnight = modulo(wall, UNITS.day);
    if (sinceMidnight === 0 || sinceMidnight > LONGEST_SKIP) return wall;
    return this.midnight(wall - sinceMidnight) === ms ? wall - sinceMidnight : wall;
  };

  /** @param wall midnight of a day, as a wall time */
  private midnight(wall: number): number {
    const known = this.midnights.get(wall);
    if (known !== undefined) return known;
    const at = startOfWallDay(this.zone, wall);
    this.midnights.set(wall, at);
    return at;
  }

  private floor(wall: number, unit: Unit, firstDayOfWeek: number): number {
    if (unit !== "year" && unit !== "month" && unit !== "week") return floorTo(wall, UNITS[unit]);
    const date = new Date(wall);
    switch (unit) {
      case "year":
        return Date.UTC(date.getUTCFullYear(), 0, 1);
      case "month":
        return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
      default:
        return floorTo(wall, UNITS.day) - modulo(date.getUTCDay() - firstDayOfWeek, 7) * UNITS.day;
    }
  }

  private addWall(wall: number, count: number, unit: Unit): number {
    if (unit === "month") return +addMonths(wall, count, WALL);
    if (unit === "year") return +addYears(wall, count, WALL);
    return wall + count * UNITS[unit];
  }
}

function pick(a: Date | undefined, b: Date | undefined, of: (...values: number[]) => number): Date {
  return new Date(of(...[a, b].filter((date) => date !== undefined).map(Number)));
}

function lengthOf({ start, end }: Span): number {
  return Math.ceil((+end - +start) / UNITS.day);
}

/** Never negative. */
function modulo(value: number, size: number): number {
  return ((value % size) + size) % size;
}
