import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { replayOf } from "@/store/testing";
import { durationWords, partsOf, skippedWords, stateOf } from "./words";

describe("stateOf", () => {
  it("calls a replay done only when nothing of it is under way", () => {
    const outcome = { delivered: 3, failed: 0, pending: 1 };
    expect(stateOf({ status: "completed", outcome }).word).toBe("Finishing");
    expect(stateOf({ status: "completed", outcome: { ...outcome, pending: 0 } }).word).toBe("Done");
    expect(stateOf({ status: "running", outcome }).word).toBe("Running");
    expect(stateOf({ status: "cancelled", outcome }).word).toBe("Cancelled");
  });
});

describe("partsOf", () => {
  it("falls into parts that make up the total", () => {
    const count = fc.nat(1000);
    fc.assert(
      fc.property(count, count, count, count, count, count, (delivered, failed, pending, other, skipped, waiting) => {
        const queued = delivered + failed + pending + other;
        const total = queued + skipped + waiting;
        const parts = partsOf(replayOf({ total, queued, skipped, outcome: { delivered, failed, pending } }));
        expect(parts).toEqual({ delivered, failed, pending, skipped, elsewhere: other, waiting });
        expect(Object.values(parts).reduce((sum, part) => sum + part, 0)).toBe(total);
      }),
    );
  });
});

describe("words", () => {
  it.each([
    [1, 50, "about a second"],
    [500, 50, "about 10 s"],
    [12_000, 50, "about 4 min"],
  ])("%i at %i/s take %s", (count, rate, words) => {
    expect(durationWords(count, rate)).toBe(words);
  });

  it("says how many were skipped and why", () => {
    expect(skippedWords({ reason: "webhook_disabled", count: 1200 })).toBe("1,200 skipped: the webhook is disabled");
  });
});
