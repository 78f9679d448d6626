import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LostTime, slaCredit } from "@/lib/failover/sla";

const MINUTE = 60_000;
const T0 = Date.parse("2027-03-01T00:00:00Z");

const gap = (minutes: number, lane = 0): LostTime => ({
  unitId: `unit-${lane}`,
  node: "node-01",
  lane,
  from: T0,
  to: T0 + minutes * MINUTE,
});

const price = { rate_micros_per_gpu_hour: 2_000_000, discount_bps: 1_000 };
const without = { multiplierBps: 20_000, capMicros: 10n ** 15n };

const losses = fc.array(
  fc.record({ lane: fc.nat(7), from: fc.nat(10_000_000), length: fc.integer({ min: 0, max: 10_000_000 }) }).map(
    ({ lane, from, length }): LostTime => ({
      unitId: `unit-${lane}`,
      node: "node-01",
      lane,
      from: T0 + from,
      to: T0 + from + length,
    }),
  ),
  { maxLength: 40 },
);
const prices = fc.record({
  rate_micros_per_gpu_hour: fc.nat(1_000_000_000),
  discount_bps: fc.nat(10_000),
});
const options = fc.record({
  multiplierBps: fc.nat(100_000),
  capMicros: fc.bigInt({ min: -5n, max: 10n ** 13n }),
});

describe("the credit for lost time", () => {
  it("is twice the price that was paid for each begun minute of each GPU", () => {
    const credit = slaCredit([gap(30), gap(30, 1)], price, without);
    // 2 GPUs × 30 min at 1.8 credits an hour, twice.
    expect(credit).toMatchObject({ minutes: 60, total_micros: 3_600_000, capped: false });
    expect(credit.lines.map(({ micros }) => micros)).toEqual([1_800_000, 1_800_000]);
    expect(slaCredit([{ ...gap(0), to: T0 + 1 }], price, without)).toMatchObject({ minutes: 1, total_micros: 60_000 });
  });

  it("is never more than the booking costs, and says when it would have been", () => {
    const credit = slaCredit([gap(30), gap(30, 1)], price, { ...without, capMicros: 2_000_000n });
    expect(credit).toMatchObject({ total_micros: 2_000_000, capped: true });
    expect(credit.lines.map(({ micros }) => micros)).toEqual([1_800_000, 200_000]);
    expect(slaCredit([gap(30)], price, { ...without, capMicros: 0n }).total_micros).toBe(0);
  });

  it("adds up to the micro-credit, is never negative and stays within its cap, whatever was lost", () => {
    fc.assert(
      fc.property(losses, prices, options, (lost, paid, { multiplierBps, capMicros }) => {
        const credit = slaCredit(lost, paid, { multiplierBps, capMicros });
        const cap = capMicros > 0n ? capMicros : 0n;
        expect(credit.lines.reduce((sum, { micros }) => sum + micros, 0)).toBe(credit.total_micros);
        expect(
          credit.lines.every(({ micros, minutes }) => Number.isSafeInteger(micros) && micros >= 0 && minutes > 0),
        ).toBe(true);
        expect(BigInt(credit.total_micros) <= cap).toBe(true);
        expect(credit.minutes).toBe(credit.lines.reduce((sum, { minutes }) => sum + minutes, 0));
        if (credit.capped) expect(BigInt(credit.total_micros)).toBe(cap);
      }),
    );
  });

  it("never falls when more time is lost, or the multiplier rises", () => {
    fc.assert(
      fc.property(losses, prices, options, fc.nat(50_000), (lost, paid, { multiplierBps, capMicros }, more) => {
        const credit = slaCredit(lost, paid, { multiplierBps, capMicros }).total_micros;
        const longer = lost.map((range) => ({ ...range, to: range.to + more }));
        expect(slaCredit(longer, paid, { multiplierBps, capMicros }).total_micros).toBeGreaterThanOrEqual(credit);
        const higher = { multiplierBps: multiplierBps + more, capMicros };
        expect(slaCredit(lost, paid, higher).total_micros).toBeGreaterThanOrEqual(credit);
      }),
    );
  });
});
