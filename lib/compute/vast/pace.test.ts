import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Pace } from "@/lib/compute/vast/pace";

/** A clock that stands still but for the waiting. */
function paced(random = 1) {
  let time = 0;
  const pace = new Pace({
    spacingMs: { search: 6_000, list: 1_000 },
    now: () => time,
    wait: async (ms) => {
      time += ms;
    },
    random: () => random,
  });
  return { pace, time: () => time, pass: (ms: number) => (time += ms) };
}

describe("the pace of calls", () => {
  it("keeps calls of one endpoint apart and leaves the others alone", async () => {
    const { pace, time } = paced();
    await pace.turn("search");
    await pace.turn("list");
    expect(time()).toBe(0);
    await pace.turn("search");
    expect(time()).toBe(6_000);
  });

  it("sends away who would have to wait for more than half a minute", async () => {
    let time = 0;
    const pace = new Pace({ spacingMs: { search: 6_000 }, now: () => time, wait: async () => {} });
    for (let turn = 0; turn < 6; turn += 1) await pace.turn("search");
    await expect(pace.turn("search")).rejects.toMatchObject({ kind: "rate_limited", retryAfterMs: 36_000 });
    // Who was sent away has taken no turn.
    time = 6_000;
    await expect(pace.turn("search")).resolves.toBeUndefined();
  });

  it("stays away twice as long after each refusal, at most two minutes, at least half of that", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.double({ min: 0, max: 1, noNaN: true }), (refusals, random) => {
        const { pace } = paced(random);
        const waits = Array.from({ length: refusals }, () => pace.refused("list").retryAfterMs ?? 0);
        for (const [index, wait] of waits.entries()) {
          const longest = Math.min(120_000, 2_000 * 2 ** index);
          expect(wait).toBeGreaterThanOrEqual(longest / 2);
          expect(wait).toBeLessThanOrEqual(longest + 1);
        }
      }),
    );
  });

  it("forgets refusals when it is let in again", () => {
    const { pace } = paced();
    pace.refused("list");
    pace.refused("list");
    pace.accepted("list");
    expect(pace.refused("list").retryAfterMs).toBe(2_000);
  });
});
