import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { DEFAULT_BOOKING_POLICY } from "@/lib/contracts/booking-policy";
import { priceOf, refundRate } from "@/lib/contracts/pricing";
import { type RefundPlan, refundAt, refundSteps } from "./refund-ladder";

const HOUR = 3_600_000;
const START = Date.parse("2026-12-10T00:00:00Z");

function planOf({ hours = 48, capBps = 10_000 } = {}): RefundPlan {
  const segment = {
    starts_at: new Date(START).toISOString(),
    ends_at: new Date(START + hours * HOUR).toISOString(),
    gpu_count: 8,
  };
  const price = priceOf({
    segments: [segment],
    rateMicros: 2_000_000,
    policy: DEFAULT_BOOKING_POLICY,
    bookedAt: new Date(START - 100 * HOUR),
  });
  return { price, startsAt: START, endsAt: START + hours * HOUR, policy: DEFAULT_BOOKING_POLICY, capBps };
}

describe("what comes back when a booking is cancelled later", () => {
  test("follows the ladder down to the start, then the time that is left", () => {
    const plan = planOf();
    const total = BigInt(plan.price.total_micros);
    const steps = refundSteps(plan, START - 100 * HOUR);
    expect(steps.map(({ from, rateBps }) => [(from - START) / HOUR, rateBps])).toEqual([
      [-100, 10_000],
      [-72 + 1 / HOUR, 7500],
      [-24 + 1 / HOUR, 5000],
      [0, 5000],
    ]);
    expect(steps.map(({ refundAtStart }) => refundAtStart)).toEqual([total, (total * 3n) / 4n, total / 2n, total / 2n]);
    expect(refundAt(plan, START + 24 * HOUR)).toBe(total / 4n);
    expect(refundAt(plan, plan.endsAt)).toBe(0n);
  });

  test("never exceeds the worst rate so far", () => {
    const steps = refundSteps(planOf({ capBps: 7500 }), START - 100 * HOUR);
    expect(steps.map(({ rateBps }) => rateBps)).toEqual([7500, 5000, 5000]);
  });

  test("of what runs already there is one stretch left, and none of what has ended", () => {
    const plan = planOf();
    expect(refundSteps(plan, START + HOUR)).toHaveLength(1);
    expect(refundSteps(plan, plan.endsAt)).toEqual([]);
    expect(refundSteps(plan, plan.endsAt + HOUR)).toEqual([]);
  });

  test("falls only, and each stretch has the rate of all its moments", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1000 }),
        fc.integer({ min: -400 * 60, max: 100 * 60 }),
        fc.integer({ min: 0, max: 10_000 }),
        (hours, minutes, capBps) => {
          const plan = planOf({ hours, capBps });
          const now = START + minutes * 60_000;
          const steps = refundSteps(plan, now);
          for (const [index, step] of steps.entries()) {
            for (const at of [step.from, Math.floor((step.from + step.to) / 2), step.to - 1]) {
              expect(Math.min(refundRate(plan.policy, START - at), capBps)).toBe(step.rateBps);
            }
            expect(step.refundAtEnd <= step.refundAtStart).toBe(true);
            const next = steps[index + 1];
            if (next !== undefined) {
              expect(next.from).toBe(step.to);
              expect(next.refundAtStart <= step.refundAtEnd).toBe(true);
            }
          }
        },
      ),
    );
  });
});
