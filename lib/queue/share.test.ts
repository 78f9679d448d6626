import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newId } from "@/lib/ids";
import { ALONE, GROWTH_MS, OUTSIDE, type Place, Standing, shareOf, smallestShare, turnAt } from "@/lib/queue/share";

const placesOf = (workers: number): Place[] => Array.from({ length: workers }, (_, rank) => ({ workers, rank }));
const webhookId = fc.integer({ min: 0, max: 1_000 }).map(() => newId("webhook"));

describe("shareOf", () => {
  it("adds up to the limit over the workers, evenly, with one of them first at each webhook", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 1_000 }),
        fc.integer({ min: 1, max: 40 }),
        webhookId,
        (limit, count, id) => {
          const shares = placesOf(count).map((place) => shareOf(limit, id, place));
          expect(shares.reduce((sum, share) => sum + share, 0)).toBe(limit);
          expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
          expect(placesOf(count).filter((place) => turnAt(id, place) === 0)).toHaveLength(1);
        },
      ),
    );
  });

  it("gives different webhooks to different workers", () => {
    const ids = Array.from({ length: 200 }, () => newId("webhook"));
    for (const place of placesOf(4)) {
      const own = ids.filter((id) => shareOf(1, id, place) === 1).length;
      expect(own).toBeGreaterThan(20);
      expect(own).toBeLessThan(100);
    }
  });

  it("is nothing for one that stands outside, and everything for one that is alone", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), webhookId, (limit, id) => {
        expect(shareOf(limit, id, OUTSIDE)).toBe(0);
        expect(shareOf(limit, id, ALONE)).toBe(limit);
      }),
    );
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

  it("gives a worker that finds itself alone everything at once", () => {
    const { standing, share } = setUp(OUTSIDE);
    expect(share(5)).toBe(0);
    standing.move({ workers: 1, rank: 0 });
    expect(share(5)).toBe(5);
  });

  it("keeps a worker that joins others from its share until they have heard of it", () => {
    const { standing, pass, share } = setUp(OUTSIDE);
    standing.move({ workers: 2, rank: 1 });
    expect(share(4)).toBe(0);
    pass(GROWTH_MS - 1);
    expect(share(4)).toBe(0);
    pass(1);
    expect(share(4)).toBe(2);
  });

  it("takes less at once and more only later", () => {
    const { standing, pass, share } = setUp();
    standing.move({ workers: 2, rank: 0 });
    expect(share(4)).toBe(2);
    pass(GROWTH_MS);
    standing.move({ workers: 1, rank: 0 });
    expect(share(4)).toBe(2);
    pass(GROWTH_MS);
    expect(share(4)).toBe(4);
  });

  it("never lets the workers have more than the limit together while each hears of changes at its own beat", () => {
    const BEAT_MS = 5_000;
    const STEP_MS = 250;
    const change = fc.record({ worker: fc.nat({ max: 4 }), steps: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 15 }),
        fc.array(fc.nat({ max: BEAT_MS / STEP_MS - 1 }), { minLength: 5, maxLength: 5 }),
        fc.integer({ min: 1, max: 12 }),
        (changes, phases, limit) => {
          let step = 0;
          const alive: { worker: number; standing: Standing }[] = [];
          const beat = (standing: Standing, rank: number) => standing.move({ workers: alive.length, rank });
          for (const { worker, steps } of changes) {
            const found = alive.findIndex((entry) => entry.worker === worker);
            if (found >= 0) {
              alive.splice(found, 1);
            } else {
              const standing = new Standing(() => step * STEP_MS, OUTSIDE);
              alive.push({ worker, standing });
              beat(standing, alive.length - 1);
            }
            for (const end = step + steps; step < end; step += 1) {
              for (const [rank, entry] of alive.entries()) {
                const beats = (step + (phases[entry.worker] ?? 0)) % (BEAT_MS / STEP_MS) === 0;
                if (beats) beat(entry.standing, rank);
              }
              const shares = alive.map(({ standing }) => smallestShare(limit, "wh_0", standing.inForce()));
              expect(shares.reduce((sum, share) => sum + share, 0)).toBeLessThanOrEqual(limit);
            }
          }
        },
      ),
    );
  }, 30_000);
});
