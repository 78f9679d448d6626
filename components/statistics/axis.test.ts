import { describe, expect, it } from "vitest";
import { axisDuration, bucketWords, countTicks, durationScale, shareFloor, shortDuration, timeTicks } from "./axis";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const utc = () => 0;
const india = () => 330;
const series = (from: string, step: number, count: number) =>
  Array.from({ length: count }, (_, index) => Date.parse(from) + index * step);

describe("marks of the time axis", () => {
  it.each([
    ["an hour", series("2026-11-22T09:08:00Z", MINUTE, 60), ["09:10", "09:20", "09:30", "09:40", "09:50", "10:00"]],
    [
      "a day, with the date at midnight",
      series("2026-11-21T10:00:00Z", 15 * MINUTE, 97),
      ["12:00", "16:00", "20:00", "22 Nov", "04:00", "08:00"],
    ],
    ["a week", series("2026-11-15T10:00:00Z", 2 * HOUR, 85), ["17 Nov", "19 Nov", "21 Nov"]],
  ])("%s", (_name, starts, labels) => {
    expect(timeTicks(starts, 7, utc).map((tick) => tick.label)).toEqual(labels);
  });

  it("stand at midnight of the reader, where no bucket begins", () => {
    const starts = series("2026-11-20T12:00:00Z", 8 * HOUR, 12);
    const ticks = timeTicks(starts, 5, india);
    expect(ticks.map((tick) => tick.label)).toEqual(["21 Nov", "22 Nov", "23 Nov", "24 Nov"]);
    for (const { index } of ticks) {
      const midnight = Math.floor(((starts[index] ?? 0) + 330 * MINUTE) / DAY) * DAY - 330 * MINUTE;
      expect(starts[index]).toBeGreaterThanOrEqual(midnight);
      expect(starts[index - 1]).toBeLessThan(midnight);
    }
  });
});

describe("words of a bucket", () => {
  it.each([
    ["2026-11-21T14:00:00Z", 15 * MINUTE, utc, "21 Nov, 14:00–14:15"],
    ["2026-11-21T23:45:00Z", 15 * MINUTE, utc, "21 Nov, 23:45–00:00"],
    ["2026-11-21T22:00:00Z", 8 * HOUR, utc, "21 Nov, 22:00–22 Nov, 06:00"],
    ["2026-11-21T00:00:00Z", DAY, utc, "21 Nov"],
    ["2026-11-21T20:00:00Z", HOUR, india, "22 Nov, 01:30–02:30"],
  ])("%s", (start, length, offsetAt, words) => {
    expect(bucketWords(Date.parse(start), length, offsetAt)).toBe(words);
  });
});

describe("scales", () => {
  it("shows shares from 90 %, 50 % or nothing on", () => {
    expect([[1, 0.97], [0.8, 1], [0.2], []].map(shareFloor)).toEqual([0.9, 0.5, 0, 0.9]);
  });

  it("shows times of one magnitude on a linear axis from 0", () => {
    expect(durationScale([40, 90, 180])).toEqual({ log: false, domain: [0, 200], ticks: [0, 50, 100, 150, 200] });
  });

  it("shows times of several magnitudes on a logarithmic axis, marked at powers of ten", () => {
    expect(durationScale([12, 90, 9800])).toEqual({ log: true, domain: [10, 10_000], ticks: [10, 100, 1000, 10_000] });
    expect(durationScale([0.4, 300])).toEqual({ log: true, domain: [1, 500], ticks: [1, 10, 100] });
    expect(durationScale([72, 11_300]).domain).toEqual([50, 20_000]);
  });

  it("has an axis for nothing", () => expect(durationScale([]).domain).toEqual([0, 1]));

  it("counts in whole numbers", () => {
    expect(countTicks(3)).toEqual([0, 1, 2, 3]);
    expect(countTicks(37)).toEqual([0, 10, 20, 30, 40]);
    expect(countTicks(0)).toEqual([0, 1]);
  });

  it("names the marks of an axis of times", () => {
    expect([0, 500, 2000, 100_000, 1_200_000].map(axisDuration)).toEqual(["0 ms", "500 ms", "2 s", "100 s", "20 min"]);
  });

  it("names short times", () => {
    expect([0.4, 0, 12.3, 1530].map(shortDuration)).toEqual(["<1 ms", "0 ms", "12 ms", "1.5 s"]);
  });
});
