import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketsOf } from "@/lib/webhooks/time-buckets";

const MOST = 120;
const HOUR = 3_600_000;

describe("bucketsOf", () => {
  it.each([
    ["an hour by half minutes", 0, HOUR, 30_000, 120],
    ["an hour from within a bucket by the next length", 10_000, HOUR + 10_000, 60_000, 61],
    ["a day by quarters of an hour", 0, 24 * HOUR, 900_000, 96],
    ["a week by two hours", 0, 7 * 24 * HOUR, 2 * HOUR, 84],
    ["a moment", 5000, 5000, 1000, 1],
  ])("divides %s", (_name, from, to, step, count) => {
    expect(bucketsOf(from, to, MOST)).toEqual({ first: Math.floor(from / step) * step, step, count });
  });

  it("always covers the time, with few enough buckets at whole multiples", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.integer({ min: 0, max: 2e12 }), (from, length) => {
        const to = from + length;
        const { first, step, count } = bucketsOf(from, to, MOST);
        expect(count).toBeGreaterThanOrEqual(1);
        expect(count).toBeLessThanOrEqual(MOST);
        expect(first % step).toBe(0);
        expect(first).toBeLessThanOrEqual(from);
        expect(first + step).toBeGreaterThan(from);
        expect(first + count * step).toBeGreaterThanOrEqual(to);
      }),
    );
  });
});
