import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DEFAULT_BOOKING_POLICY } from "@/lib/contracts/booking-policy";
import { priceOf, refundRate, type Segment, usedMicros } from "@/lib/contracts/pricing";

const HOUR = 3_600_000;
const NOW = new Date("2026-11-01T00:00:00Z");
const policy = DEFAULT_BOOKING_POLICY;

/** Segments in order, apart, on a grid of 5 minutes. */
const segments = fc
  .array(
    fc.record({
      gap: fc.integer({ min: 0, max: 500 }),
      length: fc.integer({ min: 1, max: 9000 }),
      count: fc.integer({ min: 1, max: 64 }),
    }),
    { minLength: 1, maxLength: 6 },
  )
  .map((parts) => {
    let at = NOW.getTime();
    return parts.map(({ gap, length, count }): Segment => {
      const from = at + gap * 300_000;
      at = from + length * 300_000;
      return { starts_at: new Date(from).toISOString(), ends_at: new Date(at).toISOString(), gpu_count: count };
    });
  });
const rate = fc.bigInt({ min: 0n, max: 50_000_000n });

function one(hours: number, gpus = 1, leadHours = 0): Segment[] {
  const from = NOW.getTime() + leadHours * HOUR;
  return [
    {
      starts_at: new Date(from).toISOString(),
      ends_at: new Date(from + hours * HOUR).toISOString(),
      gpu_count: gpus,
    },
  ];
}

describe("the price of a booking", () => {
  it("is GPUs × hours × rate, less the discount", () => {
    const price = priceOf({ segments: one(72, 8), rateMicros: 2_500_000n, policy, bookedAt: NOW });
    expect(price).toMatchObject({
      gpu_minutes: 8 * 72 * 60,
      list_micros: 1_440_000_000,
      discount_bps: 1250,
      discount_micros: 180_000_000,
      total_micros: 1_260_000_000,
      discount: { duration_hours: 72, duration_bps: 1250, lead_hours: 0, lead_bps: 0, kept_bps: null },
    });
  });

  it.each([
    [1, 0, 1000],
    [71, 0, 1000],
    [72, 0, 1250],
    [72, 168, 1350],
    [336, 336, 2000],
    [720, 336, 2000],
  ])("%i h booked %i h ahead: %i basis points, between floor and cap", (hours, lead, bps) => {
    const price = priceOf({ segments: one(hours, 1, lead), rateMicros: 1, policy, bookedAt: NOW });
    expect(price.discount_bps).toBe(bps);
  });

  it("adds up, line by line, to the micro-credit", () => {
    fc.assert(
      fc.property(segments, rate, (parts, rateMicros) => {
        const price = priceOf({ segments: parts, rateMicros, policy, bookedAt: NOW });
        for (const key of ["gpu_minutes", "list_micros", "discount_micros", "total_micros"] as const) {
          expect(price.lines.reduce((sum, line) => sum + line[key], 0)).toBe(price[key]);
          expect(price.lines.every((line) => line[key] >= 0)).toBe(true);
        }
        expect(price.list_micros - price.discount_micros).toBe(price.total_micros);
        const { floor_bps, cap_bps } = policy.discount;
        expect(price.discount_bps).toBeGreaterThanOrEqual(floor_bps);
        expect(price.discount_bps).toBeLessThanOrEqual(cap_bps);
        expect(price.discount_micros).toBe(Number((BigInt(price.list_micros) * BigInt(price.discount_bps)) / 10_000n));
      }),
    );
  });

  it("never worsens the discount of what is extended", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), fc.integer({ min: 0, max: 1000 }), (hours, more) => {
        const before = priceOf({ segments: one(hours), rateMicros: 1_999_999, policy, bookedAt: NOW });
        const keptBps = before.discount_bps;
        const stingy = { discount: { ...policy.discount, floor_bps: 0, by_duration: [] } };
        for (const later of [policy, stingy]) {
          const after = priceOf({
            segments: one(hours + more),
            rateMicros: 1_999_999,
            policy: later,
            bookedAt: NOW,
            keptBps,
          });
          expect(after.discount_bps).toBeGreaterThanOrEqual(keptBps);
        }
      }),
    );
  });

  it("takes exactly the discount it is told for what remains of a booking", () => {
    const price = priceOf({ segments: one(1), rateMicros: 1_000_000, policy, bookedAt: NOW, exactBps: 333 });
    expect(price).toMatchObject({ discount_bps: 333, total_micros: 966_700 });
  });

  it("says so when an amount is more than JSON carries", () => {
    const absurd = () => priceOf({ segments: one(1e6, 1024), rateMicros: 10n ** 13n, policy, bookedAt: NOW });
    expect(absurd).toThrow(RangeError);
  });
});

describe("what has been used up", () => {
  it("rises with time from nothing to the total, and is what the lines say at their ends", () => {
    fc.assert(
      fc.property(segments, rate, fc.array(fc.nat(60 * 24 * 200)), (parts, rateMicros, minutes) => {
        const price = priceOf({ segments: parts, rateMicros, policy, bookedAt: NOW });
        let before = 0n;
        for (const minute of minutes.toSorted((a, b) => a - b)) {
          const used = usedMicros(price, new Date(NOW.getTime() + minute * 60_000));
          expect(used).toBeGreaterThanOrEqual(before);
          before = used;
        }
        expect(before).toBeLessThanOrEqual(BigInt(price.total_micros));
        expect(usedMicros(price, new Date(parts[0]?.starts_at ?? ""))).toBe(0n);
        let sum = 0;
        for (const line of price.lines) {
          sum += line.total_micros;
          expect(usedMicros(price, new Date(line.ends_at))).toBe(BigInt(sum));
        }
        expect(sum).toBe(price.total_micros);
      }),
    );
  });

  it("does not change when a later part is given back", () => {
    fc.assert(
      fc.property(rate, fc.integer({ min: 2, max: 500 }), fc.nat(100), (rateMicros, hours, percent) => {
        const whole = priceOf({ segments: one(hours, 3), rateMicros, policy, bookedAt: NOW });
        const passed = Math.max(1, Math.floor((hours * percent) / 100));
        const at = new Date(NOW.getTime() + passed * HOUR);
        const rest = priceOf({
          segments: one(passed, 3),
          rateMicros,
          policy,
          bookedAt: NOW,
          exactBps: whole.discount_bps,
        });
        expect(usedMicros(rest, at)).toBe(usedMicros(whole, at));
      }),
    );
  });
});

describe("what share comes back", () => {
  it.each([
    [-5 * HOUR, 5000],
    [0, 5000],
    [24 * HOUR - 1, 5000],
    [24 * HOUR, 7500],
    [72 * HOUR, 10_000],
    [10_000 * HOUR, 10_000],
  ])("%i ms before: %i basis points", (notice, bps) => {
    expect(refundRate(policy, notice)).toBe(bps);
  });

  it("is nothing below the first step", () => {
    const strict = { refund: { ...policy.refund, by_notice: [{ from_hours: 24, bps: 9000 }] } };
    expect(refundRate(strict, HOUR)).toBe(0);
    expect(refundRate({ refund: { ...policy.refund, by_notice: [] } }, 1e12)).toBe(0);
  });
});
