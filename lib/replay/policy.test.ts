import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  allowance,
  type Change,
  comparable,
  disabledSpans,
  roomAhead,
  STEP_LIMIT,
  shareOut,
} from "@/lib/replay/policy";

describe("disabledSpans", () => {
  const kinds = fc.constantFrom("updated", "enabled", "disabled", "deleted");
  const changes = fc
    .array(fc.record({ at: fc.integer({ min: 0, max: 100 }), kind: kinds, enabled: fc.boolean() }), { maxLength: 12 })
    .map((list) =>
      list
        .toSorted((a, b) => a.at - b.at)
        .map((change, index): Change => ({ ...change, eventTypes: [`custom.t${index}`], filter: null })),
    );

  it("covers a moment exactly when the change in force then says disabled, with that change's subscription", () => {
    fc.assert(
      fc.property(changes, fc.nat(100), fc.nat(100), (history, from, to) => {
        const spans = disabledSpans(history, from, to);
        for (let moment = 0; moment <= 100; moment += 1) {
          const inForce = history.findLast(({ at }) => at <= moment);
          const missed =
            moment >= from && moment < to && inForce !== undefined && !inForce.enabled && inForce.kind !== "deleted";
          const covering = spans.filter((span) => span.from <= moment && moment < span.to);
          expect(covering.map(({ eventTypes }) => eventTypes)).toEqual(missed ? [inForce.eventTypes] : []);
        }
      }),
    );
  });

  it("gives spans in their order", () => {
    fc.assert(
      fc.property(changes, (history) => {
        const spans = disabledSpans(history, 0, 100);
        for (const [index, span] of spans.entries())
          expect(span.from).toBeGreaterThanOrEqual(spans[index - 1]?.to ?? 0);
      }),
    );
  });
});

describe("allowance", () => {
  const rates = fc.integer({ min: 1, max: 1000 });

  it("never lets more through than the rate, whenever and however often it is asked", () => {
    const pauses = fc.array(fc.integer({ min: 0, max: 5_000_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(rates, pauses, (rate, waits) => {
        const start = 1.8e15;
        let now = start;
        let spentTo = start;
        let sent = 0;
        for (const wait of waits) {
          now += wait;
          const { count, spend } = allowance({ spentTo, now, rate });
          spentTo = spend(count);
          sent += count;
          expect(spentTo).toBeLessThanOrEqual(now + 1);
          expect(sent).toBeLessThanOrEqual((rate * (now - start)) / 1e6 + 1e-6);
        }
      }),
    );
  });

  it("gives all that the rate allows when it is asked in time, and not more at once than a step may", () => {
    fc.assert(
      fc.property(rates, (rate) => {
        const start = 1.8e15;
        let spentTo = start;
        let sent = 0;
        for (let step = 1; step <= 100; step += 1) {
          const { count, spend } = allowance({ spentTo, now: start + step * 100_000, rate });
          expect(count).toBeLessThanOrEqual(STEP_LIMIT);
          spentTo = spend(count);
          sent += count;
        }
        expect(Math.abs(sent - rate * 10)).toBeLessThanOrEqual(1);
      }),
    );
  });

  it("does not make up for a pause", () => {
    const { count } = allowance({ spentTo: 0, now: 3600e6, rate: 10 });
    expect(count).toBe(10);
  });
});

describe("shareOut", () => {
  it("gives away as much as there is room for, nobody above theirs, evenly among those with room", () => {
    fc.assert(
      fc.property(fc.nat(500), fc.array(fc.nat(60), { maxLength: 20 }), (count, rooms) => {
        const shares = shareOut(count, rooms);
        const sum = (list: number[]) => list.reduce((total, n) => total + n, 0);
        expect(sum(shares)).toBe(Math.min(count, sum(rooms)));
        const most = Math.max(0, ...shares);
        for (const [index, share] of shares.entries()) {
          expect(share).toBeLessThanOrEqual(rooms[index] ?? 0);
          // Whoever got less than another had room for no more.
          if (share < most - 1) expect(share).toBe(rooms[index]);
        }
      }),
    );
  });
});

describe("roomAhead", () => {
  it.each([
    [50, 0, 100],
    [50, 90, 10],
    [50, 400, 0],
    [1000, 0, 200],
    [1, 0, 2],
    [1, 2, 0],
  ])("at %i/s with %i lying due: %i more", (rate, due, room) => {
    expect(roomAhead(rate, due)).toBe(room);
  });
});

describe("comparable", () => {
  it("turns groups into beginnings", () => {
    expect(comparable(["*", "instance.*", "user.login"])).toEqual({
      exact: ["user.login"],
      prefixes: ["", "instance."],
    });
  });
});
