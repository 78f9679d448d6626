import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { barsBetween, busyAt, modelOf, occupancyOf, occupancySteps, poolOccupancy } from "./bar-layout";
import { makeBar } from "./testing";

describe("bars on their rows", () => {
  it("are by start on each GPU, whatever the order of the answer, and grouped by reservation", () => {
    const model = modelOf([
      makeBar({ id: "b", reservation_id: "r1", units: ["u1", "u2"], hours: [10, 12] }),
      makeBar({ id: "a", reservation_id: "r1", units: ["u1"], hours: [2, 10] }),
      makeBar({ id: "c", kind: "others", reservation_id: null, units: ["u2"], hours: [0, 4] }),
    ]);
    expect(model.byUnit.get("u1")?.map(({ key, group }) => [key, group])).toEqual([
      ["a/u1", "r1"],
      ["b/u1", "r1"],
    ]);
    expect(model.byUnit.get("u2")?.map(({ key, group }) => [key, group])).toEqual([
      ["c/u2", "c"],
      ["b/u2", "r1"],
    ]);
    expect(model.parts.get("r1")).toHaveLength(2);
    expect(model.parts.size).toBe(1);
  });

  it("in sight are those that touch it, half-open", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 5 })), { maxLength: 30 }),
        fc.integer({ min: -5, max: 120 }),
        fc.integer({ min: 1, max: 40 }),
        (lengths, from, length) => {
          let time = 0;
          const bars = lengths.map(([gap, size], i) => {
            time += gap + size;
            return makeBar({ id: `b${i}`, units: ["u"], hours: [time - size, time] });
          });
          const placed = modelOf(bars).byUnit.get("u") ?? [];
          const base = placed[0] ? placed[0].from - (lengths[0]?.[0] ?? 0) * 3_600_000 : 0;
          const range = [base + from * 3_600_000, base + (from + length) * 3_600_000] as const;
          expect(barsBetween(placed, ...range)).toEqual(
            placed.filter((bar) => bar.to > range[0] && bar.from < range[1]),
          );
        },
      ),
    );
  });
});

describe("occupancy", () => {
  const model = modelOf([
    makeBar({ id: "a", units: ["u1", "u2"], hours: [1, 5] }),
    makeBar({ id: "b", units: ["u2", "u3"], hours: [5, 7] }),
    makeBar({ id: "c", kind: "maintenance", reservation_id: null, units: ["u3"], hours: [3, 5] }),
  ]);
  const hour = (n: number) => Date.parse("2026-12-01T00:00:00Z") + n * 3_600_000;

  it("counts what is taken, maintenance too, with nothing at the ends", () => {
    const occupancy = occupancyOf(model, ["u1", "u2", "u3"]);
    const counts = [0, 1, 3, 4.999, 5, 6.999, 7, 100].map((n) => busyAt(occupancy, hour(n)));
    expect(counts).toEqual([0, 2, 3, 3, 2, 2, 0, 0]);
    expect(busyAt(occupancyOf(model, ["u1"]), hour(6))).toBe(0);
  });

  it("of a pool is that of its GPUs", () => {
    const pool = poolOccupancy(model, "pool");
    for (const n of [0, 1, 3, 5, 7]) {
      expect(busyAt(pool, hour(n))).toBe(busyAt(occupancyOf(model, ["u1", "u2", "u3"]), hour(n)));
    }
  });

  it("joins steps that are too narrow, at the highest of them, and loses no time", () => {
    const steps = occupancySteps(occupancyOf(model, ["u1", "u2", "u3"]), hour(0), hour(10), 2.5 * 3_600_000);
    expect(steps.map(({ from, to, busy }) => [(from - hour(0)) / 3_600_000, (to - hour(0)) / 3_600_000, busy])).toEqual(
      [
        [1, 5, 3],
        [5, 10, 2],
      ],
    );
    expect(occupancySteps(occupancyOf(model, []), hour(0), hour(10), 1)).toEqual([]);
  });
});
