import { describe, expect, it } from "vitest";
import { localOffset } from "@/components/ui/time-zone";
import {
  ANY_TIME,
  fromInput,
  parseMoment,
  parseRange,
  RANGE_PRESETS,
  rangeWords,
  resolveRange,
  timeRangeWords,
  toInput,
  zoneWords,
} from "./time-range";

const NOW = Date.UTC(2026, 10, 21, 14, 3, 7, 42);
const inParis = () => 60;

describe("parseRange", () => {
  it.each([
    ["90m", "90m"],
    ["last 90m", "90m"],
    ["the last 2 days", "2d"],
    [" Last 24 Hours ", "24h"],
    ["30 sec", "30s"],
    ["1 hr", "1h"],
  ])("reads %j as %s", (text, range) => {
    expect(parseRange(text)).toBe(range);
  });

  it.each(["", "m", "0h", "-5m", "1.5h", "5 weeks", "5", "99999d", "today", "5m; drop"])("refuses %j", (text) => {
    expect(parseRange(text)).toBeNull();
  });

  it("offers only presets that it reads as they are", () => {
    expect(RANGE_PRESETS.map(parseRange)).toEqual([...RANGE_PRESETS]);
    expect(RANGE_PRESETS.length).toBeGreaterThanOrEqual(8);
  });
});

describe("rangeWords", () => {
  it("says the length in words", () => {
    expect(rangeWords("90m")).toBe("last 90 minutes");
    expect(rangeWords("1h")).toBe("last hour");
  });
});

describe("resolveRange", () => {
  it("begins a relative range at the whole minute and leaves its end open", () => {
    expect(resolveRange({ ...ANY_TIME, range: "24h" }, NOW)).toEqual({ from: "2026-11-20T14:03:00.000Z" });
    expect(resolveRange({ ...ANY_TIME, range: "24h" }, NOW + 10_000)).toEqual(
      resolveRange({ ...ANY_TIME, range: "24h" }, NOW),
    );
  });

  it("keeps absolute bounds as they are, either of them open", () => {
    const from = "2026-11-01T00:00:00.000Z";
    expect(resolveRange({ range: null, from, to: null }, NOW)).toEqual({ from });
    expect(resolveRange({ range: null, from: null, to: from }, NOW)).toEqual({ to: from });
    expect(resolveRange(ANY_TIME, NOW)).toEqual({});
  });

  it("lets the relative range win over absolute bounds", () => {
    expect(
      resolveRange({ range: "1h", from: "2020-01-01T00:00:00.000Z", to: "2021-01-01T00:00:00.000Z" }, NOW),
    ).toEqual({
      from: "2026-11-21T13:03:00.000Z",
    });
  });
});

describe("timeRangeWords", () => {
  const from = "2026-11-21T08:00:05.000Z";
  const to = "2026-11-21T09:30:00.000Z";
  it.each([
    [{ ...ANY_TIME, range: "6h" }, "last 6 hours"],
    [{ range: null, from, to }, "21 Nov 09:00:05 – 21 Nov 10:30:00"],
    [{ range: null, from, to: null }, "since 21 Nov 09:00:05"],
    [{ range: null, from: null, to }, "before 21 Nov 10:30:00"],
    [ANY_TIME, "any time"],
  ])("%o is %s", (range, words) => {
    expect(timeRangeWords(range, NOW, inParis)).toBe(words);
  });
});

describe("moments and zones", () => {
  it("turns any ISO moment into UTC and refuses the rest", () => {
    expect(parseMoment("2026-11-21T15:03:07+01:00")).toBe("2026-11-21T14:03:07.000Z");
    expect(parseMoment("yesterday")).toBeNull();
  });

  it("goes from UTC to the field and back without losing a second, in either zone", () => {
    for (const iso of ["2026-01-01T00:00:00.000Z", "2026-07-31T23:59:59.000Z"]) {
      expect(fromInput(toInput(iso, localOffset), "local")).toBe(iso);
      expect(toInput(iso, () => 0)).toBe(iso.slice(0, 19));
      expect(fromInput(iso.slice(0, 19), "utc")).toBe(iso);
      expect(fromInput(iso.slice(0, 16), "utc")).toBe(`${iso.slice(0, 16)}:00.000Z`);
    }
    expect(toInput(null, () => 0)).toBe("");
    expect(toInput("nonsense", () => 0)).toBe("");
    expect(fromInput("", "utc")).toBeNull();
  });

  it("names the zone by its offset", () => {
    expect(zoneWords(0)).toBe("UTC");
    expect(zoneWords(-210)).toBe("UTC-03:30");
  });
});
