import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addLoads,
  firstFit,
  fits,
  hasRoom,
  type Load,
  minFree,
  type Profile,
  subtractLoads,
} from "@/lib/contracts/capacity-profile";

const CAPACITY = 10;
const END = 60;

/** A profile and, minute by minute, what it means. */
const loads = fc.array(
  fc
    .record({ from: fc.nat(END - 1), length: fc.integer({ min: 1, max: 20 }), count: fc.integer({ min: 1, max: 6 }) })
    .map(({ from, length, count }): Load => ({ from, to: from + length, count })),
  { maxLength: 6 },
);
const empty: Profile = { capacity: CAPACITY, at: [0], free: [CAPACITY] };

function naive(taken: readonly Load[], at: number): number {
  return CAPACITY - taken.reduce((sum, { from, to, count }) => (from <= at && at < to ? sum + count : sum), 0);
}

describe("a profile of free GPUs", () => {
  it("knows the least that is free in a range", () => {
    fc.assert(
      fc.property(loads, fc.nat(END), fc.integer({ min: 1, max: 30 }), (taken, from, length) => {
        const profile = subtractLoads(empty, taken);
        const expected = Math.min(...Array.from({ length }, (_, i) => naive(taken, from + i)));
        expect(minFree(profile, from, from + length)).toBe(expected);
        expect(profile.at).toEqual([...new Set(profile.at)].toSorted((a, b) => a - b));
      }),
    );
  });

  it("is the same again when what was taken is given back", () => {
    fc.assert(
      fc.property(loads, loads, (taken, dragged) => {
        const profile = subtractLoads(empty, taken);
        const back = addLoads(subtractLoads(profile, dragged), dragged);
        for (let at = 0; at < END + 30; at += 1) expect(minFree(back, at, at + 1)).toBe(minFree(profile, at, at + 1));
      }),
    );
  });

  it("finds the earliest start, as trying every one does", () => {
    const request = fc.record({
      count: fc.integer({ min: 1, max: CAPACITY + 1 }),
      durationMs: fc.integer({ min: 1, max: 20 }),
      notBefore: fc.nat(END),
      stepMs: fc.integer({ min: 1, max: 7 }),
      bufferBeforeMs: fc.nat(3),
      bufferAfterMs: fc.nat(3),
    });
    fc.assert(
      fc.property(loads, request, (taken, fit) => {
        const profile = subtractLoads(empty, taken);
        const finishBy = END + 40;
        let expected: number | null = null;
        for (
          let start = Math.ceil(fit.notBefore / fit.stepMs) * fit.stepMs;
          start + fit.durationMs <= finishBy;
          start += fit.stepMs
        ) {
          if (minFree(profile, start - fit.bufferBeforeMs, start + fit.durationMs + fit.bufferAfterMs) >= fit.count) {
            expected = start;
            break;
          }
        }
        expect(firstFit(profile, { ...fit, finishBy })).toBe(expected);
        for (const start of fits(profile, { ...fit, finishBy })) {
          expect(
            minFree(profile, start - fit.bufferBeforeMs, start + fit.durationMs + fit.bufferAfterMs),
          ).toBeGreaterThanOrEqual(fit.count);
        }
      }),
    );
  });

  it("lets a booking that is dragged stand in its own place", () => {
    const mine: Load = { from: 10, to: 20, count: 8 };
    const profile = subtractLoads(empty, [mine]);
    const moved: Load = { from: 12, to: 22, count: 8 };
    expect(hasRoom(profile, [moved])).toBe(false);
    expect(hasRoom(addLoads(profile, [mine]), [moved])).toBe(true);
  });

  it("has no room before it begins or when it is empty", () => {
    expect(minFree({ capacity: 4, at: [100], free: [4] }, 50, 120)).toBe(0);
    expect(minFree({ capacity: 4, at: [], free: [] }, 50, 120)).toBe(0);
    expect(
      firstFit({ capacity: 4, at: [], free: [] }, { count: 1, durationMs: 1, notBefore: 0, finishBy: 9, stepMs: 1 }),
    ).toBeNull();
  });
});
