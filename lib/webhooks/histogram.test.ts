import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BUCKET_BOUNDS_MS, BUCKET_COUNT, bucketOf, percentileOf } from "@/lib/webhooks/histogram";

const milliseconds = fc.double({ min: 0, max: 400_000, noNaN: true });

describe("histogram", () => {
  it("puts a time into the first bucket whose bound is not below it", () => {
    fc.assert(
      fc.property(milliseconds, (ms) => {
        const bucket = bucketOf(ms);
        expect(ms).toBeLessThanOrEqual((BUCKET_BOUNDS_MS[bucket] ?? Number.POSITIVE_INFINITY) * (1 + 1e-9));
        if (bucket > 0 && bucket < BUCKET_COUNT)
          expect(ms).toBeGreaterThan((BUCKET_BOUNDS_MS[bucket - 1] ?? 0) * (1 - 1e-9));
      }),
    );
  });

  it("gives percentiles within a quarter of the true ones", () => {
    const value = fc.double({ min: 2, max: 300_000, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0.5, 0.95, 0.99),
        (values, share) => {
          const counts = Array.from({ length: BUCKET_COUNT }, () => 0);
          for (const ms of values) counts[bucketOf(ms)] = (counts[bucketOf(ms)] ?? 0) + 1;
          const sorted = values.toSorted((a, b) => a - b);
          const truth = sorted[Math.max(0, Math.ceil(share * values.length) - 1)] ?? 0;
          const read = percentileOf(counts, share) ?? 0;
          expect(read).toBeGreaterThan(truth / 1.26);
          expect(read).toBeLessThan(truth * 1.26);
        },
      ),
    );
  });

  it("has no percentile of nothing", () => expect(percentileOf([], 0.5)).toBeNull());
});
