import { getSlotMetrics as dateSlotMetrics } from "react-big-calendar/lib/utils/DateSlotMetrics";
import { getSlotMetrics as timeSlotMetrics } from "react-big-calendar/lib/utils/TimeSlots";
import { afterAll, describe, expect, it } from "vitest";
import { clockChanges } from "@/lib/contracts/zones";
import { zonedLocalizer } from "./localizer";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const ZONES = [
  "Europe/Berlin",
  "America/New_York",
  "America/Los_Angeles",
  "Australia/Lord_Howe",
  "Africa/Cairo",
  "Pacific/Chatham",
  "America/St_Johns",
  "America/Santiago",
];
/** Zones of the browser; none of them may matter. */
const BROWSERS = ["UTC", "America/Los_Angeles", "Asia/Kolkata", "Europe/Berlin", "Pacific/Chatham"];

const before = process.env.TZ;
afterAll(() => {
  if (before === undefined) delete process.env.TZ;
  else process.env.TZ = before;
});

/** The judge: the clock as Intl reads it, as a wall time in ms. */
function clockOf(zone: string) {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
  });
  return (date: Date) => {
    const part = Object.fromEntries(format.formatToParts(date).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = part;
    return Date.UTC(year, month - 1, day, hour, minute);
  };
}

/** Makes this process live in a zone, as a browser does. */
function liveIn(zone: string) {
  process.env.TZ = zone;
  expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toMatch(new RegExp(`${zone}|Asia/Calcutta`));
}

const dayOf = (wall: number) => Math.floor(wall / DAY);
const accessors = { start: (event: Span) => event.start, end: (event: Span) => event.end };
type Span = { start: Date; end: Date };

describe.each(BROWSERS)("in a browser in %s", (browser) => {
  describe.each(ZONES)("a calendar in %s", (zone) => {
    const localizer = zonedLocalizer(zone, 1);
    const clock = clockOf(zone);
    const changes = clockChanges(zone, Date.UTC(2026, 0, 1), Date.UTC(2028, 0, 1));
    /** Every hour, and the odd half of it, of the days around each change. */
    const moments = changes.flatMap(({ at }) =>
      Array.from({ length: 2 * 24 * 3 }, (_, i) => new Date(at - 1.5 * DAY + (i * HOUR) / 2)),
    );

    it("starts and ends each hour's day, week and month where Intl's clock does", () => {
      liveIn(browser);
      expect(changes).toHaveLength(4);
      for (const date of moments) {
        const start = localizer.startOf(date, "day");
        expect(dayOf(clock(start))).toBe(dayOf(clock(date)));
        expect(dayOf(clock(new Date(+start - MINUTE)))).toBe(dayOf(clock(date)) - 1);
        const end = localizer.endOf(date, "day");
        expect(dayOf(clock(end))).toBe(dayOf(clock(date)));
        expect(dayOf(clock(new Date(+end + 1)))).toBe(dayOf(clock(date)) + 1);
        expect(localizer.isSameDate(start, end)).toBe(true);

        const week = clock(localizer.startOf(date, "week"));
        expect(new Date(week).getUTCDay()).toBe(1);
        expect(dayOf(clock(date)) - dayOf(week)).toBeLessThan(7);
        expect(new Date(clock(localizer.startOf(date, "month"))).getUTCDate()).toBe(1);
      }
    });

    it("steps from day to day without losing or repeating one", () => {
      liveIn(browser);
      for (const { at } of changes) {
        const first = localizer.startOf(new Date(at - 3 * DAY), "day");
        const days = localizer.range(first, new Date(at + 3 * DAY), "day");
        expect(days.map((day) => dayOf(clock(day)) - dayOf(clock(first)))).toEqual(days.map((_, i) => i));
        for (const [i, day] of days.entries()) {
          expect(+localizer.startOf(day, "day"), "each is the start of its day").toBe(+day);
          expect(localizer.diff(first, day, "day")).toBe(i);
          expect(+localizer.ceil(day, "day")).toBe(+day);
          expect(+localizer.add(first, i, "day")).toBe(+day);
        }
      }
    });

    it("draws every hour in the row of the time grid that Intl's clock shows, in 24 rows", () => {
      liveIn(browser);
      for (const date of moments) {
        const min = localizer.startOf(date, "day");
        const metrics = timeSlotMetrics({ min, max: localizer.endOf(date, "day"), step: 60, timeslots: 1, localizer });
        expect(metrics.groups).toHaveLength(24);
        const share = (clock(date) % DAY) / DAY;
        const skipped = +date === +min && share > 0;
        expect(metrics.getCurrentTimePosition(date)).toBeCloseTo(skipped ? 0 : share * 100, 6);
        for (const [row, [slot]] of metrics.groups.entries()) {
          const shown = (clock(slot as Date) % DAY) / HOUR;
          expect(shown, "a row begins at its hour, or where the clock skips to").toBeGreaterThanOrEqual(row);
          expect(shown).toBeLessThanOrEqual(row + 1);
        }
      }
    });

    it("keeps the clock's time on another day, and a moment on its own", () => {
      liveIn(browser);
      for (const date of moments) {
        expect(+(localizer.merge(date, date) as Date)).toBe(+date);
        const later = localizer.merge(localizer.add(date, 30, "day"), date) as Date;
        expect(clock(later) % DAY).toBe(clock(date) % DAY);
      }
    });

    it("spans as many days of the month as the booking has", () => {
      liveIn(browser);
      for (const { at } of changes) {
        const range = localizer.range(
          localizer.startOf(new Date(at), "week"),
          localizer.endOf(new Date(at), "week"),
          "day",
        );
        expect(range).toHaveLength(7);
        for (let from = 0; from < 7; from += 1) {
          for (let to = from; to < 7; to += 1) {
            const [first, last] = [range[from] as Date, range[to] as Date];
            const event = { start: new Date(+first + 2 * HOUR), end: localizer.add(last, 1, "day") };
            const { levels } = dateSlotMetrics()({
              range,
              events: [event],
              maxRows: 5,
              minRows: 0,
              accessors,
              localizer,
            });
            expect(levels[0]?.[0]).toMatchObject({ left: from + 1, right: to + 1, span: to - from + 1 });
          }
        }
      }
    });
  });
});

describe("arithmetic", () => {
  const berlin = zonedLocalizer("Europe/Berlin", 1);

  it("keeps the last day of a month within the next one", () => {
    const january = new Date("2027-01-31T10:00:00+01:00");
    expect(berlin.add(january, 1, "month").toISOString()).toBe("2027-02-28T09:00:00.000Z");
    expect(berlin.add(january, -2, "months").toISOString()).toBe("2026-11-30T09:00:00.000Z");
    expect(berlin.add(new Date("2028-02-29T10:00:00+01:00"), 1, "year").toISOString()).toBe("2029-02-28T09:00:00.000Z");
  });

  it("keeps the time of day over a change of the clock when it adds days, and the length when it adds hours", () => {
    const before = new Date("2026-03-28T12:00:00+01:00");
    expect(berlin.add(before, 1, "day").toISOString()).toBe("2026-03-29T10:00:00.000Z");
    expect(berlin.add(before, 24, "hours").toISOString()).toBe("2026-03-29T11:00:00.000Z");
  });

  it("begins weeks where the locale does", () => {
    const sunday = new Date("2026-11-22T12:00:00Z");
    const startIn = (first: number) => zonedLocalizer("UTC", first).startOf(sunday, "week").toISOString().slice(0, 10);
    expect(startIn(1)).toBe("2026-11-16");
    expect(startIn(0)).toBe("2026-11-22");
    expect(startIn(6)).toBe("2026-11-21");
  });

  it("has whole weeks in a month's view", () => {
    for (let month = 0; month < 24; month += 1) {
      const days = berlin.visibleDays(new Date(Date.UTC(2026, month, 15)), "en");
      expect(days.length % 7).toBe(0);
      expect(new Set(days.map((day) => berlin.format(day, "dayFormat"))).size).toBe(days.length);
    }
  });

  it("draws both of two equal hours in the same row, and keeps their lengths apart", () => {
    const [first, second] = [new Date("2026-10-25T02:30:00+02:00"), new Date("2026-10-25T02:30:00+01:00")];
    expect(berlin.diff(first, second, "minutes"), "rows go by the clock").toBe(0);
    expect(berlin.diff(first, second, "milliseconds")).toBe(HOUR);
    expect(berlin.eq(first, second, "minutes")).toBe(false);
    expect(+(berlin.merge(first, second) as Date), "the second stays the second").toBe(+second);
  });

  it("puts the rows of a skipped hour where the clock goes on", () => {
    const day = berlin.startOf(new Date("2026-03-29T12:00:00Z"), "day");
    expect(berlin.getSlotDate(day, 0, 120).toISOString()).toBe("2026-03-29T01:00:00.000Z");
    expect(berlin.getSlotDate(day, 0, 150).toISOString()).toBe("2026-03-29T01:00:00.000Z");
    expect(berlin.getSlotDate(day, 0, 180).toISOString()).toBe("2026-03-29T01:00:00.000Z");
    expect(berlin.getSlotDate(day, 0, 240).toISOString()).toBe("2026-03-29T02:00:00.000Z");
  });

  it("bears what is no date, which the library asks about", () => {
    expect(+berlin.startOf(undefined as unknown as Date, "minutes")).toBeNaN();
    expect(berlin.merge(null as unknown as Date, null as unknown as Date)).toBeNull();
    const date = new Date("2026-01-01T00:00:00Z");
    expect(+berlin.min(date, undefined as unknown as Date)).toBe(+date);
  });
});
