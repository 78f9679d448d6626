import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newId } from "@/lib/ids";
import { ALONE, OUTSIDE, type Place, shareOf, turnAt } from "@/lib/queue/share";

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
