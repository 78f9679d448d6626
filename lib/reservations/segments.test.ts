import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keepSome, leasesOf, merge, withBuffers } from "@/lib/reservations/leases";
import {
  countAt,
  minus,
  type Part,
  readParts,
  sameParts,
  toSegments,
  withCount,
  within,
  withoutRectangle,
  withRange,
} from "@/lib/reservations/segments";

/** Parts on a grid of 0 to 40, with gaps. */
const parts = fc
  .array(fc.record({ gap: fc.nat(3), length: fc.integer({ min: 1, max: 6 }), count: fc.integer({ min: 1, max: 8 }) }), {
    minLength: 1,
    maxLength: 6,
  })
  .map((steps): Part[] => {
    let at = 0;
    return steps.map(({ gap, length, count }) => {
      const from = at + gap;
      at = from + length;
      return { from, to: at, count };
    });
  });
const times = Array.from({ length: 60 }, (_, n) => n);

describe("parts of a booking", () => {
  it("survive being stored", () => {
    fc.assert(fc.property(parts, (some) => sameParts(readParts(toSegments(some)), some)));
  });

  it("lose a rectangle and nothing else", () => {
    fc.assert(
      fc.property(parts, fc.nat(40), fc.nat(40), fc.integer({ min: 1, max: 9 }), (some, from, length, count) => {
        const left = withoutRectangle(some, from, from + length, count);
        for (const at of times) {
          const gone = at >= from && at < from + length ? count : 0;
          expect(countAt(left, at)).toBe(Math.max(0, countAt(some, at) - gone));
        }
      }),
    );
  });

  it("differ by what was added and what is gone", () => {
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const [gone, added] = [minus(a, b), minus(b, a)];
        for (const at of times) expect(countAt(a, at) - countAt(gone, at) + countAt(added, at)).toBe(countAt(b, at));
      }),
    );
  });

  it("move as a whole, and keep their shape inside another range", () => {
    fc.assert(
      fc.property(parts, fc.nat(9), (some, by) => {
        const [from, to] = [some[0]?.from ?? 0, some.at(-1)?.to ?? 0];
        const moved = withRange(some, from + by, to + by);
        for (const at of times) expect(countAt(moved, at + by)).toBe(countAt(some, at));
        const longer = withRange(some, from, to + by + 1);
        for (const at of times.filter((at) => at < to)) expect(countAt(longer, at)).toBe(countAt(some, at));
        expect(countAt(longer, to + by)).toBe(countAt(some, to - 1));
        expect(withRange(some, from, from + 1)).toEqual(within(some, from, from + 1));
      }),
    );
  });

  it("have another number where they have the most", () => {
    expect(
      withCount(
        [
          { from: 0, to: 2, count: 8 },
          { from: 2, to: 3, count: 4 },
          { from: 3, to: 5, count: 8 },
        ],
        6,
      ),
    ).toEqual([
      { from: 0, to: 2, count: 6 },
      { from: 2, to: 3, count: 4 },
      { from: 3, to: 5, count: 6 },
    ]);
    expect(
      withCount(
        [
          { from: 0, to: 4, count: 8 },
          { from: 4, to: 6, count: 4 },
        ],
        2,
        3,
      ),
    ).toEqual([
      { from: 0, to: 3, count: 8 },
      { from: 3, to: 6, count: 2 },
    ]);
  });
});

describe("leases", () => {
  const units = ["a0", "a1", "a2", "a3", "b0", "b1", "b2", "b3"];
  const nodeOf = (unit: string) => unit[0] ?? "";

  it("that stay are of those there were, as many as are to stay, on whole nodes", () => {
    fc.assert(
      fc.property(parts, fc.nat(30), fc.nat(20), fc.integer({ min: 1, max: 8 }), (some, from, length, count) => {
        const before = leasesOf(
          some,
          some.map((part) => units.slice(0, part.count)),
        );
        const left = withoutRectangle(some, from, from + length, count);
        const kept = keepSome(before, left, nodeOf) ?? [];
        for (const at of times) {
          const of = (leases: typeof before) =>
            leases.filter((l) => l.from <= at && at < l.to).map(({ unitId }) => unitId);
          expect(of(kept)).toHaveLength(countAt(left, at));
          expect(of(before)).toEqual(expect.arrayContaining(of(kept)));
        }
      }),
    );
  });

  it("of one reservation never block each other, and giving back never blocks more", () => {
    const pool = { bufferBeforeMs: 2, bufferAfterMs: 3 };
    fc.assert(
      fc.property(parts, fc.nat(30), fc.nat(20), fc.integer({ min: 1, max: 8 }), (some, from, length, count) => {
        const of = (list: readonly Part[]) =>
          leasesOf(
            list,
            list.map((part) => units.slice(0, part.count)),
          );
        const before = withBuffers(of(some), pool);
        const after = withBuffers(
          keepSome(of(some), withoutRectangle(some, from, from + length, count), nodeOf) ?? [],
          pool,
          before,
        );
        for (const all of [before, after]) {
          for (const [index, lease] of all.entries()) {
            expect(lease.blocksFrom).toBeLessThanOrEqual(lease.from);
            expect(lease.blocksTo).toBeGreaterThanOrEqual(lease.to);
            const next = all[index + 1];
            if (next?.unitId === lease.unitId) expect(lease.blocksTo).toBeLessThanOrEqual(next.blocksFrom);
          }
        }
        const union = merge(
          before.map(({ unitId, blocksFrom, blocksTo }) => ({ unitId, from: blocksFrom, to: blocksTo })),
        );
        for (const { unitId, blocksFrom, blocksTo } of after) {
          expect(union.some((u) => u.unitId === unitId && u.from <= blocksFrom && blocksTo <= u.to)).toBe(true);
        }
      }),
    );
  });
});
