import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ALONE, OUTSIDE, type Place, smallestShare } from "@/lib/queue/share";
import { HEARD_MS, placesAmong, Standing, type Stay } from "@/lib/queue/standing";

const stay = (begun: number, ended: number | null = null, isSelf = false): Stay => ({ begun, ended, isSelf });
const self = (begun: number) => stay(begun, null, true);

describe("placesAmong", () => {
  it("is the place among those that live, by the order of beginning", () => {
    expect(placesAmong([self(90_000)])).toEqual([ALONE]);
    expect(placesAmong([stay(90_000), self(80_000), stay(70_000)])).toEqual([{ workers: 3, rank: 1 }]);
  });

  it("tells the places before each change of the last seconds, also those that no beat saw", () => {
    const places = placesAmong([stay(90_000, 4_000), self(80_000), stay(3_000, 1_000), stay(2_000)]);
    expect(places).toHaveLength(5);
    expect(places[0]).toEqual({ workers: 2, rank: 0 });
    expect(places.slice(1)).toEqual(
      expect.arrayContaining([
        { workers: 2, rank: 1 },
        { workers: 1, rank: 0 },
        { workers: 2, rank: 0 },
        { workers: 3, rank: 0 },
      ]),
    );
  });

  it("is outside before its own beginning", () => {
    expect(placesAmong([stay(90_000), self(1)])).toEqual([{ workers: 2, rank: 1 }, OUTSIDE]);
  });

  it("says nothing of changes that all have heard of", () => {
    expect(placesAmong([stay(HEARD_MS), self(HEARD_MS)])).toHaveLength(1);
  });
});

describe("Standing", () => {
  function setUp(place: Place = ALONE) {
    let time = 0;
    const standing = new Standing(() => time, place);
    return {
      standing,
      pass: (ms: number) => {
        time += ms;
      },
      share: (limit: number) => smallestShare(limit, "wh_0", standing.inForce()),
    };
  }

  it("gives a worker that finds itself alone everything at once, also where another has just left", () => {
    const { standing, share } = setUp(OUTSIDE);
    expect(share(5)).toBe(0);
    standing.hear(placesAmong([stay(9_000, 10), self(0)]));
    expect(share(5)).toBe(5);
  });

  it("keeps a worker that joins others from its share until they have heard of it", () => {
    const { standing, pass, share } = setUp(OUTSIDE);
    standing.hear([{ workers: 2, rank: 1 }]);
    expect(share(4)).toBe(0);
    pass(HEARD_MS - 1);
    expect(share(4)).toBe(0);
    pass(1);
    expect(share(4)).toBe(2);
  });

  it("takes less at once and more only later", () => {
    const { standing, pass, share } = setUp();
    standing.hear([{ workers: 2, rank: 0 }]);
    expect(share(4)).toBe(2);
    pass(HEARD_MS);
    standing.hear([ALONE]);
    expect(share(4)).toBe(2);
    pass(HEARD_MS);
    expect(share(4)).toBe(4);
  });

  it("counts by what it did not hear of itself only until its next beat", () => {
    const { standing, share } = setUp({ workers: 2, rank: 0 });
    standing.hear([
      { workers: 2, rank: 0 },
      { workers: 4, rank: 0 },
    ]);
    expect(share(4)).toBe(1);
    standing.hear([{ workers: 2, rank: 0 }]);
    expect(share(4)).toBe(2);
  });

  const STEP_MS = 250;
  const BEAT_STEPS = 5_000 / STEP_MS;
  const WORKERS = 5;
  type Change = { worker: number; steps: number };

  /**
   * Workers begin and end as told, each hears of it at its own beat.
   * @param late by how many steps what a worker writes of itself becomes visible; it reads of the others only then
   * @returns the most that all shares came to together
   */
  function mostTogether(changes: readonly Change[], phases: readonly number[], limit: number, late: number): number {
    let step = 0;
    let most = 0;
    const stays: { worker: number; from: number; to: number | null; standing: Standing }[] = [];
    const beat = (self: (typeof stays)[number]) =>
      self.standing.hear(
        placesAmong(
          stays
            .filter(({ from }) => from + late <= step)
            .map((one) => ({
              isSelf: one === self,
              begun: (step - one.from) * STEP_MS,
              ended: one.to === null || one.to + late > step ? null : (step - one.to) * STEP_MS,
            }))
            .filter(({ ended }) => ended === null || ended < HEARD_MS),
        ),
      );
    for (const { worker, steps } of changes) {
      const found = stays.find((one) => one.worker === worker && one.to === null);
      if (found) found.to = step;
      else stays.push({ worker, from: step, to: null, standing: new Standing(() => step * STEP_MS, OUTSIDE) });
      for (const end = step + steps; step < end; step += 1) {
        const alive = stays.filter(({ to }) => to === null);
        for (const one of alive) {
          const first = one.from + late;
          if (step === first || (step > first && (step + (phases[one.worker] ?? 0)) % BEAT_STEPS === 0)) beat(one);
        }
        const shares = alive.map(({ standing }) => smallestShare(limit, "wh_0", standing.inForce()));
        most = Math.max(
          most,
          shares.reduce((sum, share) => sum + share, 0),
        );
      }
    }
    return most;
  }

  it("never lets the workers have more than the limit together while each hears of changes at its own beat", () => {
    const change = fc.record({ worker: fc.nat({ max: WORKERS - 1 }), steps: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 15 }),
        fc.array(fc.nat({ max: BEAT_STEPS - 1 }), { minLength: WORKERS, maxLength: WORKERS }),
        fc.integer({ min: 1, max: 12 }),
        fc.nat({ max: 4 }),
        (changes, phases, limit, late) => {
          expect(mostTogether(changes, phases, limit, late)).toBeLessThanOrEqual(limit);
        },
      ),
      { numRuns: 1000 },
    );
  }, 60_000);

  it("holds where one worker hears of changes that the others' beats missed", () => {
    // Found by the property above when each counted only by the places that it had heard of itself.
    const changes = [
      { worker: 2, steps: 26 },
      { worker: 4, steps: 12 },
      { worker: 3, steps: 22 },
      { worker: 2, steps: 1 },
      { worker: 2, steps: 1 },
      { worker: 0, steps: 10 },
      { worker: 1, steps: 10 },
      { worker: 1, steps: 15 },
    ];
    expect(mostTogether(changes, [0, 0, 0, 7, 7], 6, 2)).toBeLessThanOrEqual(6);
  });

  it("gives all of the limit away once the workers have been the same for a while", () => {
    const changes = [0, 1, 2].map((worker) => ({ worker, steps: 80 }));
    expect(mostTogether(changes, [0, 7, 13, 0, 0], 7, 0)).toBe(7);
  });
});
