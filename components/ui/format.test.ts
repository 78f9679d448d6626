import { describe, expect, it } from "vitest";
import {
  formatAtOffset,
  formatBytes,
  formatDuration,
  formatOffset,
  formatPercent,
  formatRelative,
  formatShortTime,
  formatUnix,
  formatUtc,
  toMs,
  truncateMiddle,
} from "./format";

const noon = Date.UTC(2026, 10, 21, 14, 3, 7);

describe("formatDuration", () => {
  it.each([
    [0, "0 ms"],
    [0.4, "0 ms"],
    [340, "340 ms"],
    [999.6, "1 s"],
    [1_240, "1.2 s"],
    [59_949, "59.9 s"],
    [59_960, "1 min"],
    [192_000, "3 min 12 s"],
    [3_599_600, "1 h"],
    [7_500_000, "2 h 5 min"],
    [86_399_000, "1 d"],
    [273_600_000, "3 d 4 h"],
    [-2_000, "-2 s"],
    [Number.NaN, "–"],
  ])("%d ms reads %s", (ms, words) => {
    expect(formatDuration(ms)).toBe(words);
  });

  it("never overflows a unit (no 60 s, no 60 min, no 24 h, no 1000 ms)", () => {
    for (let ms = 1; ms < 400 * 86_400_000; ms = ms * 1.0007 + 1) {
      expect(formatDuration(ms)).not.toMatch(/(^| )(60(\.0)? s|60 min|24 h|1000 ms)/);
    }
  });
});

describe("formatBytes", () => {
  it.each([
    [0, "0 B"],
    [1023, "1023 B"],
    [1024, "1 KiB"],
    [1536, "1.5 KiB"],
    [65_536, "64 KiB"],
    [1_048_575, "1 MiB"],
    [-1, "–"],
  ])("%d bytes read %s", (bytes, words) => {
    expect(formatBytes(bytes)).toBe(words);
  });
});

describe("formatPercent", () => {
  it.each([
    [1, "100%"],
    [0, "0%"],
    [0.5, "50%"],
    [0.9987, "99.87%"],
    [0.999_99, "99.99%"],
    [0.004, "0.4%"],
    [0.000_01, "<0.01%"],
    [0.1, "10%"],
    [0.333, "33.3%"],
  ])("%d reads %s", (share, words) => {
    expect(formatPercent(share)).toBe(words);
  });
});

describe("times", () => {
  it("gives UTC, local with offset and Unix time of one moment", () => {
    expect(formatUtc(noon)).toBe("2026-11-21 14:03:07 UTC");
    expect(formatAtOffset(noon, 330)).toBe("2026-11-21 19:33:07 +05:30");
    expect(formatAtOffset(noon, -210)).toBe("2026-11-21 10:33:07 -03:30");
    expect(formatUnix(noon)).toBe(String(noon / 1000));
    expect(formatUnix(noon + 42)).toBe(`${noon / 1000}.042`);
    expect(formatOffset(0)).toBe("+00:00");
  });

  it("reads ISO text with any offset as the same moment", () => {
    expect(toMs("2026-11-21T15:03:07+01:00")).toBe(noon);
    expect(formatUtc(toMs("not a time"))).toBe("–");
  });

  it("leaves out the date only on the same day of the zone shown", () => {
    const late = Date.UTC(2026, 10, 21, 23, 30, 0);
    expect(formatShortTime(late, { offsetMinutes: 0, now: noon })).toBe("23:30:00");
    expect(formatShortTime(late, { offsetMinutes: 60, now: noon })).toBe("22 Nov 00:30:00");
    expect(formatShortTime(late, { offsetMinutes: 0, now: noon, date: "always" })).toBe("21 Nov 23:30:00");
  });

  it("names the year when it is another one, and knows none without a now", () => {
    const old = Date.UTC(2025, 0, 2, 3, 4, 5);
    expect(formatShortTime(old, { offsetMinutes: 0, now: noon })).toBe("2 Jan 2025 03:04:05");
    expect(formatShortTime(old, { offsetMinutes: 0 })).toBe("2 Jan 03:04:05");
  });

  it.each([
    [0, "just now"],
    [-999, "just now"],
    [500, "in a moment"],
    [-12_000, "12 seconds ago"],
    [4_900, "in 4 seconds"],
    [-60_000, "1 minute ago"],
    [-7_200_000, "2 hours ago"],
    [172_800_000, "in 2 days"],
    [-90 * 86_400_000, "2 months ago"],
    [-800 * 86_400_000, "2 years ago"],
  ])("a moment %d ms from now reads %s", (difference, words) => {
    expect(formatRelative(noon + difference, noon)).toBe(words);
  });
});

describe("truncateMiddle", () => {
  it("keeps both ends, and whole what would not get shorter", () => {
    expect(truncateMiddle("dlv_01k9abcdefghx4tq")).toBe("dlv_01k9…x4tq");
    expect(truncateMiddle("1234567890123")).toBe("1234567890123");
    expect(truncateMiddle("12345678901234")).toBe("12345678…1234");
  });
});
