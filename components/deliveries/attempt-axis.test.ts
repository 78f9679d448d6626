import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { axisSegments } from "./attempt-axis";

const at = (seconds: number, lengthMs = 1000, ok = false) => ({ startedAt: seconds * 1000, lengthMs, ok });

describe("axisSegments", () => {
  it("lays attempts and the gaps between them on one scale", () => {
    const attempts = [
      { number: 1, ...at(0) },
      { number: 2, ...at(3) },
      { number: 3, ...at(8, 500, true) },
    ];
    expect(axisSegments(attempts, null)).toEqual([
      { kind: "attempt", number: 1, ok: false, lengthMs: 1000, grow: 1000 },
      { kind: "gap", before: 2, lengthMs: 2000, grow: 2000, broken: false },
      { kind: "attempt", number: 2, ok: false, lengthMs: 1000, grow: 1000 },
      { kind: "gap", before: 3, lengthMs: 4000, grow: 4000, broken: false },
      { kind: "attempt", number: 3, ok: true, lengthMs: 500, grow: 500 },
    ]);
  });

  it("ends in the attempt that is planned", () => {
    const segments = axisSegments([{ number: 1, ...at(0) }], { number: 2, at: 3000 });
    expect(segments.slice(1)).toEqual([
      { kind: "gap", before: 2, lengthMs: 2000, grow: 2000, broken: false },
      { kind: "next", number: 2, grow: 0 },
    ]);
  });

  it("breaks a gap beside which nothing else could be seen, and only that", () => {
    const attempts = [
      { number: 1, ...at(0) },
      { number: 2, ...at(3) },
      { number: 3, ...at(86_400) },
    ];
    const gaps = axisSegments(attempts, null).filter((segment) => segment.kind === "gap");
    expect(gaps.map(({ broken, lengthMs }) => [broken, lengthMs])).toEqual([
      [false, 2000],
      [true, 86_396_000],
    ]);
    expect(gaps[1]?.grow).toBeLessThan(86_396_000 / 1000);
  });

  it("leaves the shortest gap to scale, however short the attempts were", () => {
    const attempts = [
      { number: 1, ...at(0, 20) },
      { number: 2, ...at(2, 4) },
    ];
    const gaps = axisSegments(attempts, { number: 3, at: 300_000 }).filter((segment) => segment.kind === "gap");
    expect(gaps.map(({ broken }) => broken)).toEqual([false, true]);
    const [only] = axisSegments(attempts.slice(0, 1), { number: 2, at: 300_000 }).slice(1);
    expect(only).toMatchObject({ kind: "gap", broken: false });
  });

  it("keeps the order of the unbroken and never draws a length below nothing", () => {
    const attempt = fc.record({
      gap: fc.integer({ min: -50, max: 100_000 }),
      lengthMs: fc.integer({ min: 0, max: 10_000 }),
    });
    fc.assert(
      fc.property(fc.array(attempt, { maxLength: 12 }), (list) => {
        let clock = 0;
        const attempts = list.map(({ gap, lengthMs }, index) => {
          const startedAt = clock + gap;
          clock = startedAt + lengthMs;
          return { number: index + 1, startedAt, lengthMs, ok: false };
        });
        const segments = axisSegments(attempts, null);
        expect(segments.every(({ grow }) => grow >= 0)).toBe(true);
        for (const segment of segments) {
          if (segment.kind === "attempt") expect(segment.grow).toBe(segment.lengthMs);
          if (segment.kind === "gap" && !segment.broken) expect(segment.grow).toBe(segment.lengthMs);
        }
      }),
    );
  });
});
