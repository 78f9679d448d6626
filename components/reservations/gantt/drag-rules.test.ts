import { describe, expect, it } from "vitest";
import { modelOf } from "./bar-layout";
import { type Drag, type DragKind, draftOf, isChange, kindAt } from "./drag-rules";
import { rowsOf } from "./row-tree";
import { makeBar, makePool } from "./testing";

const START = Date.parse("2026-12-01T00:00:00Z");
const hour = (n: number) => START + n * 3_600_000;
const pools = [makePool({ id: "a", nodes: [3, 2] }), makePool({ id: "b", nodes: [4], granularity_minutes: 360 })];
const byId = new Map(pools.map((pool) => [pool.id, pool]));
const rows = rowsOf(pools, byId, () => false);
const row = (key: string) => rows.findIndex((candidate) => candidate.key === key);
const model = modelOf([
  makeBar({ id: "bar", reservation_id: "r", pool_id: "a", units: ["a-0-0", "a-0-1", "a-1-0"], hours: [10, 20] }),
]);
const bar = model.byUnit.get("a-0-0")?.[0];
if (!bar) throw new Error("The bar is missing.");

const drop = (kind: DragKind, from: [number, string], to: [number, string]) => {
  const drag: Drag = { kind, origin: { time: hour(from[0]), row: row(from[1]) }, bar: kind === "create" ? null : bar };
  const draft = draftOf(drag, { time: hour(to[0]), row: row(to[1]) }, rows, model, byId);
  return (
    draft && {
      pool: draft.poolId,
      hours: [(draft.from - START) / 3_600_000, (draft.to - START) / 3_600_000],
      gpus: draft.gpuCount,
      rows: draft.rows.map((index) => rows[index]?.key),
    }
  );
};

describe("pressing a bar", () => {
  it("takes its edges, or else the whole", () => {
    expect([kindAt(2, 100, false, true), kindAt(50, 100, false, true), kindAt(98, 100, false, true)]).toEqual([
      "start",
      "move",
      "end",
    ]);
    expect([kindAt(2, 9, false, true), kindAt(4.5, 9, false, true), kindAt(8, 9, false, true)]).toEqual([
      "start",
      "move",
      "end",
    ]);
  });

  it("takes only the end of what has begun, and marks with Shift", () => {
    expect([kindAt(2, 100, false, false), kindAt(50, 100, false, false)]).toEqual(["end", "end"]);
    expect(kindAt(50, 100, true, true)).toBe("release");
  });
});

describe("dragging free time", () => {
  it("books whole steps of the grid on the GPUs passed over, in either direction", () => {
    const there = drop("create", [1.2, "a-0-0"], [3.5, "a-0-2"]);
    expect(there).toEqual({ pool: "a", hours: [1, 4], gpus: 3, rows: ["a-0-0", "a-0-1", "a-0-2"] });
    expect(drop("create", [3.5, "a-0-2"], [1.2, "a-0-0"])).toEqual(there);
  });

  it("takes at least one step, of the pool's own grid", () => {
    expect(drop("create", [7, "b-0-0"], [7.1, "b-0-0"])).toMatchObject({ hours: [6, 12], gpus: 1 });
  });

  it("passes over the heads of nodes and stays in its pool", () => {
    expect(drop("create", [1, "a-0-2"], [2, "b-0-3"])).toMatchObject({
      pool: "a",
      gpus: 3,
      rows: ["a-0-2", "a-1-0", "a-1-1"],
    });
  });

  it("begins on a GPU only", () => {
    expect(drop("create", [1, "a-0"], [2, "a-0-1"])).toBeNull();
  });
});

describe("dragging a bar", () => {
  it("moves it by steps of the grid and keeps its length and GPUs", () => {
    expect(drop("move", [12, "a-0-0"], [14.6, "a-0-1"])).toEqual({
      pool: "a",
      hours: [13, 23],
      gpus: 3,
      rows: ["a-0-0", "a-0-1", "a-1-0"],
    });
  });

  it("moves it to another pool, on that one's grid and rows", () => {
    expect(drop("move", [12, "a-0-0"], [13, "b-0-2"])).toEqual({
      pool: "b",
      hours: [12, 22],
      gpus: 3,
      rows: ["b-0-2", "b-0-3"],
    });
  });

  it("puts off its start or end, never past the other", () => {
    expect(drop("start", [10, "a-0-0"], [12.4, "a-0-0"])).toMatchObject({ hours: [12, 20] });
    expect(drop("start", [10, "a-0-0"], [50, "a-0-0"])).toMatchObject({ hours: [19, 20] });
    expect(drop("end", [20, "a-0-0"], [24.6, "a-0-0"])).toMatchObject({ hours: [10, 25] });
    expect(drop("end", [20, "a-0-0"], [0, "a-0-0"])).toMatchObject({ hours: [10, 11] });
  });

  it("marks a rectangle within it to give back", () => {
    expect(drop("release", [12, "a-0-1"], [14.5, "a-1-0"])).toEqual({
      pool: "a",
      hours: [12, 15],
      gpus: 2,
      rows: ["a-0-1", "a-1-0"],
    });
    expect(drop("release", [12, "a-0-0"], [99, "a-0-0"])).toMatchObject({ hours: [12, 20], gpus: 1 });
    expect(drop("release", [19.9, "a-0-0"], [25, "a-0-0"])).toMatchObject({ hours: [19, 20], gpus: 1 });
  });

  it("is nothing when it comes back to where it was", () => {
    const drag: Drag = { kind: "move", origin: { time: hour(12), row: row("a-0-0") }, bar };
    const same = draftOf(drag, { time: hour(12.2), row: row("a-0-0") }, rows, model, byId);
    const other = draftOf(drag, { time: hour(14), row: row("a-0-0") }, rows, model, byId);
    expect([same && isChange(same, bar), other && isChange(other, bar)]).toEqual([false, true]);
  });
});
