import fc from "fast-check";
import { expect, test } from "vitest";
import { COST_PERIODS } from "@/lib/contracts/costs";
import { periodAt, periodBefore } from "@/lib/costs/periods";

test.each([
  ["day", "2026-11-22T23:59:59.999Z", "2026-11-22", "2026-11-23"],
  ["week", "2026-11-22T23:59:59.999Z", "2026-11-16", "2026-11-23"],
  ["week", "2026-11-23T00:00:00.000Z", "2026-11-23", "2026-11-30"],
  ["week", "2027-01-01T12:00:00.000Z", "2026-12-28", "2027-01-04"],
  ["month", "2026-12-31T23:59:59.999Z", "2026-12-01", "2027-01-01"],
  ["month", "2028-02-29T00:00:00.000Z", "2028-02-01", "2028-03-01"],
] as const)("the %s of %s is from %s to %s", (period, at, start, end) => {
  expect(periodAt(period, new Date(at))).toEqual({ start: new Date(start), end: new Date(end) });
});

test("periods hold their moment, follow each other without a gap, and begin at midnight UTC", () => {
  const moments = fc.date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true });
  fc.assert(
    fc.property(fc.constantFrom(...COST_PERIODS), moments, (period, at) => {
      const { start, end } = periodAt(period, at);
      expect(start.getTime()).toBeLessThanOrEqual(at.getTime());
      expect(at.getTime()).toBeLessThan(end.getTime());
      expect(periodAt(period, end).start).toEqual(end);
      expect(periodBefore(period, at).end).toEqual(start);
      expect(start.getTime() % 86_400_000).toBe(0);
    }),
  );
});
