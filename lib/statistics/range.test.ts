import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { STATISTICS_LIMITS } from "@/lib/contracts/statistics";
import { bucketRange, previousRange } from "@/lib/statistics/range";
import { finestSpanMs } from "@/lib/statistics/tiers";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const NOW = Date.parse("2026-11-22T10:07:30Z");
const ago = (ms: number) => new Date(NOW - ms).toISOString();

describe("buckets of a range", () => {
  it.each([
    ["an hour", HOUR, MINUTE],
    ["a day", DAY, 15 * MINUTE],
    ["a week", 7 * DAY, 2 * HOUR],
    ["a month", 30 * DAY, 8 * HOUR],
    ["the longest range", STATISTICS_LIMITS.rangeDays * DAY, DAY],
  ])("%s", (_name, length, bucketMs) => {
    expect(bucketRange({ from: ago(length) }, NOW).bucketMs).toBe(bucketMs);
  });

  it("is the last 24 hours unless told, in whole quarters of an hour", () => {
    const { from, to } = bucketRange({}, NOW);
    expect([from, to]).toEqual([Date.parse("2026-11-21T10:00:00Z"), Date.parse("2026-11-22T10:15:00Z")]);
  });

  it("has no buckets finer than what is kept of that time", () => {
    expect(bucketRange({ from: ago(5 * HOUR), to: ago(4.5 * HOUR) }, NOW).bucketMs).toBe(15 * MINUTE);
    expect(bucketRange({ from: ago(20 * DAY), to: ago(20 * DAY - HOUR) }, NOW).bucketMs).toBe(HOUR);
  });

  it("covers every range that may be asked for with whole buckets, few enough and not too fine", () => {
    const longest = STATISTICS_LIMITS.rangeDays * DAY;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: longest }), fc.integer({ min: 0, max: 400 * DAY }), (length, end) => {
        const { from, to, bucketMs } = bucketRange({ from: ago(end + length), to: ago(end) }, NOW);
        const count = (to - from) / bucketMs;
        expect(Number.isInteger(count)).toBe(true);
        expect(count).toBeLessThanOrEqual(STATISTICS_LIMITS.buckets);
        expect(from % bucketMs).toBe(0);
        expect(from).toBeLessThanOrEqual(NOW - end - length);
        expect(to).toBeGreaterThanOrEqual(NOW - end);
        expect(bucketMs).toBeGreaterThanOrEqual(finestSpanMs(end + length));
      }),
    );
  });

  it.each([
    ["empty", { from: ago(HOUR), to: ago(HOUR) }, /before/],
    ["backwards", { from: ago(HOUR), to: ago(2 * HOUR) }, /before/],
    ["too long", { from: ago((STATISTICS_LIMITS.rangeDays + 1) * DAY) }, /92 days/],
  ])("refuses one that is %s", (_name, query, message) => {
    expect(() => bucketRange(query, NOW)).toThrow(message);
  });

  it("is compared with as much of the stretch before as has passed of it", () => {
    const range = bucketRange({}, NOW);
    const before = previousRange(range, NOW);
    expect(before.from).toBe(range.from - (range.to - range.from));
    expect(before.to - before.from).toBe(Date.parse("2026-11-22T10:00:00Z") - range.from);
    const past = bucketRange({ from: ago(9 * DAY), to: ago(8 * DAY) }, NOW);
    expect(previousRange(past, NOW)).toEqual({ from: past.from - (past.to - past.from), to: past.from });
  });
});
