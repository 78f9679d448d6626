import { describe, expect, it } from "vitest";
import { type OccurrenceTimes, type SeriesRule, seriesRuleSchema } from "@/lib/contracts/series";
import { clockNotes, listWords, occurrenceWords, ruleWords } from "./words";

const BERLIN = "Europe/Berlin";
const rule = (data: Record<string, unknown> = {}): SeriesRule =>
  seriesRuleSchema.parse({ frequency: "weekly", count: 12, time_zone: BERLIN, ...data });

const times = (data: Partial<OccurrenceTimes> = {}): OccurrenceTimes => ({
  number: 2,
  starts_at: "2026-03-29T07:00:00.000Z",
  ends_at: "2026-03-29T15:00:00.000Z",
  utc_offset_minutes: 120,
  offset_change_minutes: 0,
  adjusted: null,
  overlaps_previous: false,
  ...data,
});

describe("a rule in words", () => {
  it.each([
    [{}, "Every week at 09:00, Europe/Berlin, 12 times"],
    [
      { interval: 2, weekdays: ["mo", "we", "fr"] },
      "Every 2 weeks on Monday, Wednesday and Friday at 09:00, Europe/Berlin, 12 times",
    ],
    [{ frequency: "daily", anchor: "utc", count: 1 }, "Every day at 08:00 UTC, once"],
    [
      { frequency: "daily", interval: 3, count: undefined, until: "2026-12-31T22:59:59Z" },
      "Every 3 days at 09:00, Europe/Berlin, until Thu 31 Dec 2026",
    ],
  ])("%j", (data, expected) => {
    expect(ruleWords(rule(data), "2026-12-01T08:00:00Z")).toBe(expected);
  });
});

describe("what a change of clocks does to an occurrence", () => {
  it.each([
    ["wall_clock", 60, "Clocks go forward by 1 h before it: 1 h earlier in UTC from here on"],
    ["wall_clock", -60, "Clocks go back by 1 h before it: 1 h later in UTC from here on"],
    ["utc", 60, "Clocks go forward by 1 h before it: 1 h later by the clocks of Europe/Berlin from here on"],
    ["utc", -30, "Clocks go back by 30 min before it: 30 min earlier by the clocks of Europe/Berlin from here on"],
  ])("%s, %i minutes", (anchor, offset_change_minutes, expected) => {
    expect(clockNotes(times({ offset_change_minutes }), rule({ anchor }))).toEqual([expected]);
  });

  it("is nothing for most, and may be several things", () => {
    expect(clockNotes(times(), rule())).toEqual([]);
    const notes = clockNotes(times({ adjusted: "moved_forward", overlaps_previous: true }), rule());
    expect(notes).toHaveLength(2);
    expect(notes[0]).toContain("09:00");
    expect(clockNotes(times({ adjusted: "first_of_two" }), rule())).toEqual([expect.stringContaining("twice")]);
  });
});

it("names the time by the clock and in UTC, the day once where it is one", () => {
  expect(occurrenceWords(times(), BERLIN)).toEqual({
    local: "Sun 29 Mar 2026, 09:00 to 17:00",
    utc: "Sun 29 Mar 2026, 07:00 UTC",
  });
  expect(occurrenceWords(times({ ends_at: "2026-03-30T07:00:00Z" }), BERLIN).local).toBe(
    "Sun 29 Mar 2026, 09:00 to Mon 30 Mar 2026, 09:00",
  );
});

it("lists words", () => {
  expect([[], ["a"], ["a", "b"], ["a", "b", "c"]].map(listWords)).toEqual(["", "a", "a and b", "a, b and c"]);
});
