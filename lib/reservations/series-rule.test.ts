import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SERIES_LIMITS, type SeriesRule, seriesRuleSchema } from "@/lib/contracts/series";
import { wallOf } from "@/lib/contracts/zones";
import { AppError } from "@/lib/errors";
import { expandSeries } from "@/lib/reservations/series-rule";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const BERLIN = "Europe/Berlin";

const ruleOf = (rule: Record<string, unknown>): SeriesRule =>
  seriesRuleSchema.parse({ frequency: "daily", count: 3, time_zone: BERLIN, ...rule });

const template = (starts_at: string, hours = 2) => ({
  starts_at,
  ends_at: new Date(Date.parse(starts_at) + hours * HOUR).toISOString(),
});

const starts = (from: string, rule: Record<string, unknown>, hours = 2) =>
  expandSeries(template(from, hours), ruleOf(rule)).map(({ starts_at }) => starts_at);

function refusal(act: () => unknown) {
  try {
    act();
  } catch (error) {
    if (error instanceof AppError) return error.errors;
    throw error;
  }
  return [];
}

describe("the occurrences of a series", () => {
  it("stay at the time of day when clocks go back, and say by how much UTC moves", () => {
    const found = expandSeries(template("2026-10-24T07:00:00Z"), ruleOf({ count: 3 }));
    expect(found.map(({ starts_at, ends_at }) => [starts_at, ends_at])).toEqual([
      ["2026-10-24T07:00:00.000Z", "2026-10-24T09:00:00.000Z"],
      ["2026-10-25T08:00:00.000Z", "2026-10-25T10:00:00.000Z"],
      ["2026-10-26T08:00:00.000Z", "2026-10-26T10:00:00.000Z"],
    ]);
    expect(found.map(({ offset_change_minutes }) => offset_change_minutes)).toEqual([0, -60, 0]);
    expect(found.map(({ utc_offset_minutes }) => utc_offset_minutes)).toEqual([120, 60, 60]);
    expect(found.map(({ number }) => number)).toEqual([1, 2, 3]);
  });

  it("stay at the time in UTC when that is the anchor", () => {
    const found = expandSeries(template("2026-10-24T07:00:00Z"), ruleOf({ anchor: "utc" }));
    expect(found.map(({ starts_at }) => starts_at.slice(11, 16))).toEqual(["07:00", "07:00", "07:00"]);
    expect(found.map(({ offset_change_minutes }) => offset_change_minutes)).toEqual([0, -60, 0]);
  });

  it("move a time that the clock skips forward, and only that one", () => {
    // Clocks in Berlin jump from 02:00 to 03:00 on 29 March 2026.
    const found = expandSeries(template("2026-03-28T01:30:00Z"), ruleOf({ count: 3 }));
    expect(found.map(({ starts_at, adjusted }) => [starts_at, adjusted])).toEqual([
      ["2026-03-28T01:30:00.000Z", null],
      ["2026-03-29T01:30:00.000Z", "moved_forward"],
      ["2026-03-30T00:30:00.000Z", null],
    ]);
  });

  it("take the first of two equal times, unless the template itself is the second", () => {
    const found = expandSeries(template("2026-10-24T00:30:00Z"), ruleOf({ count: 2 }));
    expect(found[1]).toMatchObject({ starts_at: "2026-10-25T00:30:00.000Z", adjusted: "first_of_two" });
    const second = expandSeries(template("2026-10-25T01:30:00Z"), ruleOf({ count: 2 }));
    expect(second.map(({ starts_at, adjusted }) => [starts_at, adjusted])).toEqual([
      ["2026-10-25T01:30:00.000Z", null],
      ["2026-10-26T01:30:00.000Z", null],
    ]);
  });

  it("count weekdays in the zone, not in UTC", () => {
    // Tuesday 08:00 in Tokyo is Monday 23:00 UTC.
    const tuesdays = { frequency: "weekly", time_zone: "Asia/Tokyo" };
    expect(starts("2026-12-07T23:00:00Z", { ...tuesdays, weekdays: ["tu", "fr"], count: 3 })).toEqual([
      "2026-12-07T23:00:00.000Z",
      "2026-12-10T23:00:00.000Z",
      "2026-12-14T23:00:00.000Z",
    ]);
    expect(starts("2026-12-07T23:00:00Z", { ...tuesdays, weekdays: ["tu"], count: 2, anchor: "utc" })).toEqual([
      "2026-12-07T23:00:00.000Z",
      "2026-12-14T23:00:00.000Z",
    ]);
  });

  it("begin with the first weekday at or after the start", () => {
    const mondays = { frequency: "weekly", weekdays: ["mo"], count: 2, time_zone: "UTC" };
    expect(starts("2026-12-01T09:00:00Z", mondays)).toEqual(["2026-12-07T09:00:00.000Z", "2026-12-14T09:00:00.000Z"]);
  });

  it("skip whole weeks by the interval", () => {
    const fortnightly = { frequency: "weekly", interval: 2, count: 3, time_zone: "UTC" };
    expect(starts("2026-12-01T09:00:00Z", fortnightly)).toEqual([
      "2026-12-01T09:00:00.000Z",
      "2026-12-15T09:00:00.000Z",
      "2026-12-29T09:00:00.000Z",
    ]);
  });

  it("end with the last that starts by `until`, that moment included, also beside a change of clocks", () => {
    const until = (time: string) => starts("2026-10-24T07:00:00Z", { count: undefined, until: time }).length;
    expect(until("2026-10-25T08:00:00Z")).toBe(2);
    expect(until("2026-10-25T07:59:00Z")).toBe(1);
    expect(until("2026-10-24T07:00:00Z")).toBe(1);
    // The occurrence of 29 March is pushed to 03:30 (01:30 UTC).
    const spring = (time: string) => starts("2026-03-28T01:30:00Z", { count: undefined, until: time }).length;
    expect(spring("2026-03-29T01:29:00Z")).toBe(1);
    expect(spring("2026-03-29T01:30:00Z")).toBe(2);
  });

  it("may overlap by the hour that a change of clocks takes, and say so", () => {
    const found = expandSeries(template("2026-03-28T08:00:00Z", 24), ruleOf({ count: 3 }));
    expect(found.map(({ overlaps_previous }) => overlaps_previous)).toEqual([false, true, false]);
  });

  it("must not overlap by the rule itself", () => {
    const overlap = [expect.objectContaining({ field: "template.ends_at" })];
    expect(refusal(() => starts("2026-12-01T09:00:00Z", {}, 25))).toEqual(overlap);
    expect(refusal(() => starts("2026-12-01T09:00:00Z", { interval: 2 }, 25))).toEqual([]);
    expect(
      refusal(() => starts("2026-12-01T09:00:00Z", { count: 1 }, 25)),
      "one alone overlaps nothing",
    ).toEqual([]);
  });

  it("are neither none nor too many", () => {
    const until = (time: string) => refusal(() => starts("2026-12-01T09:00:00Z", { count: undefined, until: time }));
    expect(until("2026-11-01T00:00:00Z")).toEqual([{ field: "rule.until", message: expect.stringContaining("later") }]);
    expect(until("2027-12-01T00:00:00Z")).toEqual([{ field: "rule.until", message: expect.stringContaining("60") }]);
    expect(until("9999-12-31T00:00:00Z")).toHaveLength(1);
    expect(starts("2026-12-01T09:00:00Z", { count: SERIES_LIMITS.occurrences })).toHaveLength(60);
  });

  it("need a template that ends after it starts", () => {
    const backwards = [expect.objectContaining({ field: "template.ends_at" })];
    expect(refusal(() => starts("2026-12-01T09:00:00Z", {}, 0))).toEqual(backwards);
  });

  const ZONES = [
    "Europe/Berlin",
    "America/New_York",
    "America/St_Johns",
    "Australia/Lord_Howe",
    "America/Santiago",
    "Africa/Cairo",
    "Asia/Kolkata",
    "Pacific/Auckland",
  ];

  it("keep their time of day in eight zones over two years of clock changes, or say that they do not", () => {
    const first = Date.UTC(2026, 0, 1);
    fc.assert(
      fc.property(
        fc.constantFrom(...ZONES),
        fc.integer({ min: 0, max: 730 * 24 * 4 }),
        fc.integer({ min: 1, max: 8 }),
        fc.constantFrom("wall_clock", "utc"),
        (zone, quarter, interval, anchor) => {
          const start = first + quarter * 15 * 60_000;
          const rule = ruleOf({ count: 60, interval, time_zone: zone, anchor });
          const found = expandSeries(template(new Date(start).toISOString()), rule);
          expect(found).toHaveLength(60);
          const clock = (ms: number) => (anchor === "utc" ? ms : wallOf(zone, ms));
          found.forEach((occurrence, i) => {
            const at = Date.parse(occurrence.starts_at);
            const planned = clock(start) + i * interval * DAY;
            expect(Date.parse(occurrence.ends_at) - at).toBe(2 * HOUR);
            if (occurrence.adjusted === "moved_forward") expect(clock(at)).toBeGreaterThan(planned);
            else expect(clock(at)).toBe(planned);
          });
        },
      ),
      { seed: 20_261_122, numRuns: 400 },
    );
  }, 60_000);
});

describe("a rule", () => {
  const wrong = (rule: Record<string, unknown>) =>
    seriesRuleSchema
      .safeParse({ frequency: "weekly", count: 2, ...rule })
      .error?.issues.map(({ path }) => path.join("."));

  it("names what is wrong with it", () => {
    expect(wrong({})).toBeUndefined();
    expect(wrong({ time_zone: "Mars/Olympus" })).toEqual(["time_zone"]);
    expect(wrong({ time_zone: "+01:00" })).toEqual(["time_zone"]);
    expect(wrong({ count: 61 })).toEqual(["count"]);
    expect(wrong({ count: undefined })).toEqual(["count"]);
    expect(wrong({ until: "2026-12-01T00:00:00Z" })).toEqual(["until"]);
    expect(wrong({ frequency: "daily", weekdays: ["mo"] })).toEqual(["weekdays"]);
    expect(wrong({ weekdays: ["mo", "mo"] })).toEqual(["weekdays"]);
    expect(wrong({ interval: 0 })).toEqual(["interval"]);
    expect(wrong({ interval: 1.5 })).toEqual(["interval"]);
  });
});
