import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evenPart, firstInTurn, served, type Turn } from "@/lib/queue/fairness";

const SLOTS = 64;
const CAP = 16;

const turn = (projectId: string, n: number, overrides: Partial<Turn> = {}): Turn => ({
  webhookId: `${projectId}-${n}`,
  projectId,
  held: 0,
  room: 2,
  asks: true,
  ...overrides,
});

describe("firstInTurn", () => {
  it("says nothing for a project that is alone, or beside others that have no work", () => {
    const alone = Array.from({ length: 100 }, (_, n) => turn("a", n));
    expect(firstInTurn(alone, SLOTS, 10)).toEqual([]);
    expect(firstInTurn([...alone, turn("b", 0, { asks: false })], SLOTS, 10)).toEqual([]);
    expect(served(alone, SLOTS)).toEqual(["a"]);
  });

  it("puts those behind first, who holds least before the others, and nobody who has the share or no room", () => {
    const turns = [
      turn("full", 0, { held: 50, room: 30 }),
      turn("some", 0, { held: 5 }),
      turn("least", 0, { held: 1 }),
      turn("stuck", 0, { room: 0 }),
    ];
    expect(firstInTurn(turns, SLOTS, 10)).toEqual(["least-0", "some-0"]);
    expect(served(turns, SLOTS)).toEqual(["full"]);
  });

  it("divides what one cannot use among the others", () => {
    const turns = [
      turn("big", 0, { held: 40 }),
      turn("middle", 0, { held: 22, room: 16 }),
      turn("tiny", 0, { held: 2, room: 0 }),
    ];
    // A third each would be 21; the tiny one leaves the others 31.
    expect(firstInTurn(turns, SLOTS, 10)).toEqual(["middle-0"]);
    expect(served(turns, SLOTS)).toEqual(["big"]);
  });

  it("names no more webhooks of a project than have room for its part", () => {
    const many = (projectId: string, held = 0) =>
      Array.from({ length: 50 }, (_, n) => turn(projectId, n, { held: n === 0 ? held : 0 }));
    expect(firstInTurn([...many("a", 60), ...many("b")], SLOTS, 20)).toEqual(["b-0", "b-1", "b-2", "b-3", "b-4"]);
  });

  it("brings every project to its share, or to all it asks for, while slots become free one by one and the round favours one", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 6 }), (webhooksOf) => {
        const turns = [500, ...webhooksOf].flatMap((count, project) =>
          Array.from({ length: count }, (_, n) => turn(`p${project}`, n, { room: CAP })),
        );
        const give = (to: Turn) => {
          to.held += 1;
          to.room -= 1;
          underWay.push(to);
        };
        const underWay: Turn[] = [];
        const favoured = () => turns.find(({ room }) => room > 0);
        const next = () => {
          const [first] = firstInTurn(turns, SLOTS, 1);
          return first === undefined ? favoured() : turns.find(({ webhookId }) => webhookId === first);
        };
        for (let n = 0; n < SLOTS; n += 1) {
          const to = favoured();
          if (to) give(to);
        }
        for (let n = 0; n < SLOTS * 10; n += 1) {
          const done = underWay.shift();
          if (!done) throw new Error("A slot idles.");
          done.held -= 1;
          done.room += 1;
          const to = next();
          if (to) give(to);
        }
        expect(underWay).toHaveLength(SLOTS);
        const share = Math.floor(SLOTS / (webhooksOf.length + 1));
        for (const [index, count] of webhooksOf.entries()) {
          const held = turns
            .filter(({ projectId }) => projectId === `p${index + 1}`)
            .reduce((sum, each) => sum + each.held, 0);
          expect(held).toBeGreaterThanOrEqual(Math.min(count * CAP, share - Math.floor(share / 8)));
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe("evenPart", () => {
  const taken = (wants: readonly number[], part: number) => wants.reduce((sum, want) => sum + Math.min(want, part), 0);

  it("divides evenly, and what one cannot use among the others", () => {
    expect(evenPart([16, 16, 16, 16], 32)).toBe(8);
    expect(evenPart([1, 16, 16], 21)).toBe(10);
    expect(evenPart([1, 16, 16], 33)).toBe(33);
    expect(evenPart([], 7)).toBe(7);
    expect(evenPart([4, 4], 1)).toBe(1);
  });

  it("gives out as much as there is and no more, as long as there is one for each", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { maxLength: 50 }), fc.nat(500), (wants, more) => {
        const supply = wants.length + more;
        const part = evenPart(wants, supply);
        expect(taken(wants, part)).toBeLessThanOrEqual(supply);
        const all = taken(wants, Number.POSITIVE_INFINITY);
        if (all <= supply) expect(taken(wants, part)).toBe(all);
        else expect(taken(wants, part + 1)).toBeGreaterThan(supply);
      }),
    );
  });
});
