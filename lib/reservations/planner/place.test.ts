import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Busy, type Lane, type Placement, place, type Want } from "@/lib/reservations/planner/place";

const fleet = (nodes: number, lanes: number): Lane[] =>
  Array.from({ length: nodes * lanes }, (_, i) => ({
    id: `n${Math.floor(i / lanes)}u${i % lanes}`,
    nodeId: `n${Math.floor(i / lanes)}`,
  }));

let serial = 0;
function busy(unitId: string, from: number, to: number, more: Partial<Busy> = {}): Busy {
  serial += 1;
  return { allocationId: `a${serial}`, unitId, from, to, reservationId: `r${serial}`, movable: true, ...more };
}

const want = (from: number, to: number, count: number, more: Partial<Want> = {}): Want => ({
  segments: [{ from, to, count }],
  topology: "any",
  ...more,
});

/** Every rule that a placement has to keep. */
function expectValid(lanes: readonly Lane[], before: readonly Busy[], wanted: Want, placement: Placement): void {
  if (!placement.ok) return;
  const nodeOf = new Map(lanes.map(({ id, nodeId }) => [id, nodeId]));
  const target = new Map(placement.moves.map((move) => [move.allocationId, move]));
  expect(target.size, "each allocation moves once").toBe(placement.moves.length);
  const after = before.map((item) => {
    const move = target.get(item.allocationId);
    if (!move) return item;
    expect(item.movable, "only movable ones move").toBe(true);
    expect(move.fromUnit).toBe(item.unitId);
    expect(move.toUnit).not.toBe(item.unitId);
    expect(nodeOf.has(move.toUnit)).toBe(true);
    return { ...item, unitId: move.toUnit };
  });
  for (const id of new Set(before.filter(({ singleNode }) => singleNode).map(({ reservationId }) => reservationId))) {
    const nodes = after.filter(({ reservationId }) => reservationId === id).map(({ unitId }) => nodeOf.get(unitId));
    expect(new Set(nodes).size, "what was promised one node stays on one").toBe(1);
  }
  const own = new Map<string, { unitId: string; from: number; to: number }[]>();
  wanted.segments.forEach(({ from, to, count }, i) => {
    const units = placement.units[i] ?? [];
    expect(new Set(units).size, "so many different units as wanted").toBe(count);
    expect(units).toHaveLength(count);
    const must = wanted.must ?? [];
    expect(units.filter((id) => must.includes(id)).length).toBe(Math.min(must.length, count));
    for (const unitId of units) own.set(unitId, [...(own.get(unitId) ?? []), { unitId, from, to }]);
  });
  if (wanted.topology === "single_node") {
    expect(new Set(placement.units.flat().map((id) => nodeOf.get(id))).size, "one node").toBe(1);
  }
  // Its own segments may touch each other on a unit; nothing else may overlap.
  const others = after.map(({ unitId, from, to }) => ({ unitId, from, to }));
  for (const a of [...others, ...[...own.values()].flat()]) {
    for (const b of others) {
      const overlap = a !== b && a.unitId === b.unitId && a.from < b.to && b.from < a.to;
      expect(overlap, "nothing overlaps").toBe(false);
    }
  }
}

describe("placing without moving anything", () => {
  const lanes = fleet(2, 4);

  it("lets bookings touch: ranges are half-open", () => {
    const taken = lanes.map(({ id }) => busy(id, 0, 10, { movable: false }));
    expect(place(lanes, 8, taken, want(10, 20, 8)).ok).toBe(true);
    expect(place(lanes, 8, taken, want(9, 20, 1))).toEqual({ ok: false, reason: "capacity", free: 0 });
  });

  it("takes the lane that fits best: the shortest gap", () => {
    const taken = [busy("n0u0", 0, 4), busy("n0u1", 0, 9), busy("n0u2", 0, 2)];
    const found = place(lanes, 8, taken, want(10, 20, 1));
    expect(found).toMatchObject({ ok: true, units: [["n0u1"]], moves: [] });
  });

  it("leaves emptier nodes whole for a booking on one node", () => {
    const taken = [busy("n1u0", 0, 100)];
    expect(place(lanes, 8, taken, want(10, 20, 3, { topology: "single_node" }))).toMatchObject({
      units: [["n1u1", "n1u2", "n1u3"]],
    });
    expect(place(lanes, 8, taken, want(10, 20, 4, { topology: "single_node" }))).toMatchObject({
      units: [["n0u0", "n0u1", "n0u2", "n0u3"]],
    });
  });

  it("keeps the failover reserve, and what is out of service comes off what is sold", () => {
    expect(place(lanes, 6, [], want(0, 10, 6)).ok).toBe(true);
    expect(place(lanes, 6, [], want(0, 10, 7))).toMatchObject({ ok: false, reason: "capacity", free: 6 });
    const maintained = [busy("n0u0", 0, 10, { movable: false }), busy("n0u1", 0, 10, { movable: false })];
    expect(place(lanes, 6, maintained, want(0, 10, 5))).toMatchObject({ ok: false, reason: "capacity", free: 4 });
    expect(place(lanes, 6, maintained, want(0, 10, 4)).ok).toBe(true);
  });

  it("keeps its own units, and gives some back when it shrinks", () => {
    const keep = ["n1u1", "n1u2"];
    expect(place(lanes, 8, [], want(5, 20, 2, { keep }))).toMatchObject({ units: [keep] });
    const shrunk = place(lanes, 8, [], want(5, 20, 1, { keep }));
    expect(shrunk.ok && keep.includes(shrunk.units[0]?.[0] ?? "")).toBe(true);
    const grown = place(lanes, 8, [], want(5, 20, 3, { keep }));
    expect(grown.ok && grown.units[0]).toEqual(expect.arrayContaining(keep));
  });

  it("never leaves a unit on which it runs", () => {
    const blocked = [busy("n1u1", 15, 30, { movable: false })];
    const running = want(0, 20, 1, { must: ["n1u1"] });
    expect(place(lanes, 8, blocked, running)).toMatchObject({ ok: false, reason: "fragmentation" });
    const moved = place(lanes, 8, [busy("n1u1", 15, 30)], running);
    expect(moved).toMatchObject({ ok: true, units: [["n1u1"]], moves: [{ fromUnit: "n1u1" }] });
  });

  it("keeps a unit through segments that touch, their buffers overlapping", () => {
    const segments = [
      { from: 0, to: 11, count: 2 },
      { from: 9, to: 21, count: 4 },
      { from: 19, to: 31, count: 1 },
    ];
    const found = place(fleet(1, 4), 4, [], { segments, topology: "single_node" });
    if (!found.ok) throw new Error(found.reason);
    const [first = [], second = [], third = []] = found.units;
    expect(second).toEqual(expect.arrayContaining(first));
    expect(first).toEqual(expect.arrayContaining(third));
  });

  it("says what is in the way of one node: not the number", () => {
    const pinned = lanes.filter((_, i) => i % 2 === 0).map(({ id }) => busy(id, 0, 10, { movable: false }));
    expect(place(lanes, 8, pinned, want(0, 10, 4))).toMatchObject({ ok: true });
    const one = want(0, 10, 4, { topology: "single_node" });
    expect(place(lanes, 8, pinned, one)).toEqual({ ok: false, reason: "topology", free: 4 });
    expect(place(lanes, 8, [], { ...one, segments: [{ from: 0, to: 10, count: 5 }] }).ok).toBe(false);
  });

  it("has no room where there are no units", () => {
    expect(place([], 0, [], want(0, 10, 1))).toEqual({ ok: false, reason: "capacity", free: 0 });
  });
});

describe("moving others out of the way", () => {
  it("clears a node for a booking that needs one", () => {
    const lanes = fleet(2, 2);
    const taken = [busy("n0u0", 0, 10), busy("n1u0", 0, 10)];
    const wanted = want(0, 10, 2, { topology: "single_node" });
    const found = place(lanes, 4, taken, wanted);
    expect(found).toMatchObject({ ok: true });
    expect(found.ok && found.moves).toHaveLength(1);
    expectValid(lanes, taken, wanted, found);
  });

  it("moves a booking on one node as a whole", () => {
    const lanes = fleet(3, 2);
    const pair = { reservationId: "pair", singleNode: true };
    const taken = [
      busy("n0u0", 5, 15, pair),
      busy("n0u1", 5, 15, pair),
      busy("n1u0", 0, 10, { movable: false }),
      busy("n1u1", 12, 20, { movable: false }),
    ];
    const wanted = want(0, 10, 2, { topology: "single_node", must: ["n0u0", "n0u1"] });
    const found = place(lanes, 6, taken, wanted);
    expect(found.ok && found.moves.map(({ toUnit }) => toUnit.slice(0, 2))).toEqual(["n2", "n2"]);
    expectValid(lanes, taken, wanted, found);
  });

  it("leaves together what merely happens to lie on one node, as long as that is possible", () => {
    const lanes = fleet(3, 2);
    const pair = { reservationId: "pair" };
    const taken = [busy("n0u0", 0, 10, pair), busy("n0u1", 0, 10, pair), busy("n1u0", 0, 10)];
    const wanted = want(0, 10, 2, { topology: "single_node", must: ["n0u0", "n0u1"] });
    const found = place(lanes, 6, taken, wanted);
    expect(found.ok && found.moves.map(({ toUnit }) => toUnit.slice(0, 2))).toEqual(["n2", "n2"]);
    const full = taken.map((item) => (item.unitId === "n1u0" ? { ...item, movable: false } : item));
    full.push(busy("n2u0", 0, 10, { movable: false }));
    const split = place(lanes, 6, full, wanted);
    expect(split.ok && split.moves.map(({ toUnit }) => toUnit).toSorted()).toEqual(["n1u1", "n2u1"]);
    expectValid(lanes, full, wanted, split);
  });
});

const SEED = 20_261_122;

/** Bookings that are already on lanes of a small fleet, none overlapping. */
function states(nodes: number, perNode: number, sizes: number[], fixedShare: number) {
  const lanes = fleet(nodes, perNode);
  const wish = fc.record({
    from: fc.integer({ min: 0, max: 20 }),
    length: fc.integer({ min: 1, max: 10 }),
    size: fc.constantFrom(...sizes),
    order: fc.nat(1000),
    fixed: fc.integer({ min: 0, max: 99 }).map((n) => n < fixedShare),
    singleNode: fc.boolean(),
  });
  return fc.array(wish, { maxLength: 9 }).map((wishes) => {
    const taken: Busy[] = [];
    wishes.forEach(({ from, length, size, order, fixed, singleNode }, n) => {
      const to = from + length;
      const free = lanes.filter(({ id }) => taken.every((b) => b.unitId !== id || b.to <= from || b.from >= to));
      // Anywhere, not where it fits best: fragmentation is the point.
      const shuffled = free.toSorted((a, b) => hash(a.id, order) - hash(b.id, order));
      const start = shuffled[0];
      const pick = singleNode ? shuffled.filter(({ nodeId }) => nodeId === start?.nodeId) : shuffled;
      if (pick.length < size) return;
      for (const { id } of pick.slice(0, size)) {
        taken.push(busy(id, from, to, { reservationId: `r${n}`, movable: !fixed, singleNode }));
      }
    });
    return { lanes, taken };
  });
}

function hash(text: string, salt: number): number {
  let value = salt;
  for (const letter of text) value = (value * 31 + letter.charCodeAt(0) * 7919) % 65_521;
  return value;
}

/** Whether any assignment of lanes exists, by trying them all. */
function exists(lanes: readonly Lane[], taken: readonly Busy[], wanted: Want): boolean {
  const { from, to, count } = wanted.segments[0] ?? { from: 0, to: 0, count: 0 };
  const fixed = taken.filter(({ movable }) => !movable);
  const groups = new Map<string, Busy[]>();
  for (const item of taken.filter(({ movable }) => movable)) {
    groups.set(item.reservationId ?? "", [...(groups.get(item.reservationId ?? "") ?? []), item]);
  }
  const jobs = [
    { from, to, count, one: wanted.topology === "single_node" },
    ...[...groups.values()].map((parts) => ({
      from: parts[0]?.from ?? 0,
      to: parts[0]?.to ?? 0,
      count: parts.length,
      one: parts.some(({ singleNode }) => singleNode),
    })),
  ];
  const placed: { unitId: string; from: number; to: number }[] = fixed.map((item) => ({ ...item }));
  const solve = (job: number): boolean => {
    const next = jobs[job];
    if (!next) return true;
    const free = lanes.filter(({ id }) =>
      placed.every((p) => p.unitId !== id || p.to <= next.from || p.from >= next.to),
    );
    const places = next.one ? [...new Set(free.map(({ nodeId }) => nodeId))] : [null];
    for (const node of places) {
      const pool = node === null ? free : free.filter(({ nodeId }) => nodeId === node);
      for (const combination of combinations(pool, next.count)) {
        for (const { id } of combination) placed.push({ unitId: id, from: next.from, to: next.to });
        if (solve(job + 1)) return true;
        placed.splice(placed.length - combination.length);
      }
    }
    return false;
  };
  return solve(0);
}

function* combinations<T>(items: readonly T[], size: number, from = 0): Generator<T[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let i = from; i <= items.length - size; i += 1) {
    for (const rest of combinations(items, size - 1, i + 1)) yield [items[i] as T, ...rest];
  }
}

const wish = (maxCount: number) =>
  fc.record({
    from: fc.integer({ min: 0, max: 20 }),
    length: fc.integer({ min: 1, max: 12 }),
    count: fc.integer({ min: 1, max: maxCount }),
    topology: fc.constantFrom("any" as const, "single_node" as const),
  });

describe("against trying everything", () => {
  it("is valid whatever it does, and finds room only where there is some", () => {
    fc.assert(
      fc.property(states(2, 2, [1, 2], 30), wish(3), ({ lanes, taken }, { from, length, count, topology }) => {
        const wanted = want(from, from + length, count, { topology });
        const found = place(lanes, lanes.length, taken, wanted);
        expectValid(lanes, taken, wanted, found);
        if (found.ok) expect(exists(lanes, taken, wanted)).toBe(true);
      }),
      { seed: SEED, numRuns: 1500 },
    );
  });

  it("never refuses for fragmentation when only bookings that may move are in the way", () => {
    fc.assert(
      fc.property(states(3, 2, [1, 2, 3], 0), wish(6), ({ lanes, taken }, { from, length, count }) => {
        const loose = taken.map((item) => ({ ...item, singleNode: false }));
        const wanted = want(from, from + length, count);
        const found = place(lanes, lanes.length, loose, wanted);
        expectValid(lanes, loose, wanted, found);
        if (!found.ok) expect(found.reason).toBe("capacity");
      }),
      { seed: SEED, numRuns: 3000 },
    );
  });

  it("places wants of several segments, whole levels at a time, and never refuses them for fragmentation either", () => {
    const parts = fc.array(
      fc.record({ gap: fc.nat(2), length: fc.integer({ min: 1, max: 6 }), count: fc.integer({ min: 1, max: 5 }) }),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(states(3, 2, [1, 2, 3], 0), parts, ({ lanes, taken }, pieces) => {
        const loose = taken.map((item) => ({ ...item, singleNode: false }));
        let at = 2;
        const segments = pieces.map(({ gap, length, count }) => {
          const from = at + gap;
          at = from + length;
          return { from, to: at, count };
        });
        const wanted: Want = { segments, topology: "any" };
        const found = place(lanes, lanes.length, loose, wanted);
        expectValid(lanes, loose, wanted, found);
        if (!found.ok) expect(found.reason).toBe("capacity");
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });

  it("finds nearly all of what can be had on one node", () => {
    let possible = 0;
    let refused = 0;
    fc.assert(
      fc.property(states(2, 3, [1, 2, 3], 15), wish(3), ({ lanes, taken }, { from, length, count }) => {
        const wanted = want(from, from + length, count, { topology: "single_node" });
        const found = place(lanes, lanes.length, taken, wanted);
        expectValid(lanes, taken, wanted, found);
        if (found.ok) possible += 1;
        else if (found.reason !== "capacity" && exists(lanes, taken, wanted)) refused += 1;
      }),
      { seed: SEED, numRuns: 2000 },
    );
    expect(possible).toBeGreaterThan(1000);
    expect(refused / (possible + refused)).toBeLessThan(0.01);
  });
});
