import { describe, expect, it } from "vitest";
import { boardOf } from "@/lib/reservations/planner/board";
import { type Busy, findRoom, type Lane, place, type Want } from "@/lib/reservations/planner/place";
import { sampleBoard, sampleOf } from "@/lib/reservations/planner/sample";

const LANES_PER_NODE = 8;

const fleet = (nodes: number): Lane[] =>
  Array.from({ length: nodes * LANES_PER_NODE }, (_, i) => {
    const node = Math.floor(i / LANES_PER_NODE);
    return { id: `n${node}u${i % LANES_PER_NODE}`, nodeId: `n${node}` };
  });

describe("a sample of a large pool", () => {
  it("is whole nodes from all over it, always the same ones", () => {
    const lanes = fleet(250);
    const sample = sampleOf(lanes) ?? [];
    expect(sample).toEqual(sampleOf(fleet(250)));
    expect(sample).toHaveLength(128);
    const nodes = [...new Set(sample.map(({ nodeId }) => nodeId))];
    expect(sample).toEqual(lanes.filter(({ nodeId }) => nodes.includes(nodeId)));
    const quarters = nodes.map((nodeId) => Math.floor((4 * Number(nodeId.slice(1))) / 250));
    for (const quarter of [0, 1, 2, 3]) expect(quarters.filter((one) => one === quarter).length).toBeGreaterThan(2);
    const odd = nodes.filter((nodeId) => Number(nodeId.slice(1)) % 2 === 1);
    expect(odd.length, "not every second one of a pair").toBeGreaterThan(4);
  });

  it("is none where reading everything is as quick, or for a want that few could hold", () => {
    expect(sampleOf(fleet(32))).toBeNull();
    const board = boardOf(fleet(33), [], { together: true });
    const want = (count: number): Want => ({ segments: [{ from: 0, to: 1, count }], topology: "any" });
    expect(sampleBoard(board, want(16))?.lanes.length).toBe(128);
    expect(sampleBoard(board, want(17))).toBeNull();
  });
});

describe("what has room on the sample by itself", () => {
  const lanes = fleet(40);
  const sampled = new Set(sampleOf(lanes)?.map(({ nodeId }) => nodeId));
  let serial = 0;
  const on = (unitId: string, from: number, to: number, movable: boolean): Busy => {
    serial += 1;
    return { allocationId: `a${serial}`, unitId, from, to, reservationId: `r${serial}`, movable };
  };
  const CLEARABLE = "n20";

  /**
   * Nodes outside the sample where a single booking is in the way, which fits nowhere else, and one inside it where two
   * are, which can go to the other nodes of the sample: among all nodes those that look easier are tried first, in vain.
   */
  const busy = lanes.flatMap(({ id, nodeId }) => {
    const first = id.endsWith("u0");
    if (!sampled.has(nodeId)) return first ? [on(id, 0, 100, true)] : [on(id, 10, 100, false)];
    const later = on(id, 10, 100, false);
    if (nodeId === CLEARABLE) return first || id.endsWith("u1") ? [on(id, 0, 10, true), later] : [later];
    return first ? [later] : [on(id, 0, 100, false)];
  });
  const want: Want = { segments: [{ from: 0, to: 10, count: LANES_PER_NODE }], topology: "single_node" };

  it("has room in the pool, although the search for it among all nodes comes to nothing", () => {
    const board = boardOf(lanes, busy, { together: true });
    expect(sampled).toContain(CLEARABLE);
    expect(findRoom(board, want), "among all nodes").toBeNull();
    const sample = sampleBoard(board, want);
    const alone = sample && findRoom(sample, want);
    expect(alone?.moves).toHaveLength(2);
    expect(place(lanes, lanes.length, busy, want)).toEqual({ ok: true, ...alone });
  });

  it("still has to fit by number", () => {
    const blocked = busy.filter(({ from }) => from === 0).length;
    expect(place(lanes, blocked + LANES_PER_NODE - 1, busy, want)).toMatchObject({ ok: false, reason: "capacity" });
  });
});
