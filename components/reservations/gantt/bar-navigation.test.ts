import { describe, expect, it } from "vitest";
import { modelOf } from "./bar-layout";
import { type GanttFocus, type Move, moveOf, stepFrom } from "./bar-navigation";
import { rowsOf } from "./row-tree";
import { makeBar, makePool } from "./testing";

const pool = makePool({ nodes: [3, 1] });
const rows = rowsOf([pool], new Map([["pool", pool]]), () => false);
const model = modelOf([
  makeBar({ id: "early", units: ["pool-0-0"], hours: [0, 2] }),
  makeBar({ id: "late", units: ["pool-0-0", "pool-0-1"], hours: [10, 12] }),
  makeBar({ id: "last", units: ["pool-1-0"], hours: [20, 30] }),
]);

/** Goes on from place to place; what is folded is told as "fold key" or "unfold key". */
function walk(from: Partial<GanttFocus> & { rowKey: string }, ...moves: Move[]): string {
  let focus: GanttFocus = { barKey: null, time: null, ...from };
  for (const move of moves) {
    const step = stepFrom(rows, model, focus, move);
    if (step === null) return "nowhere";
    if ("fold" in step) return `${step.isOpen ? "unfold" : "fold"} ${step.fold}`;
    focus = step.focus;
  }
  return focus.barKey ?? focus.rowKey;
}

describe("moving by keyboard", () => {
  it("goes along a row from its head over every bar, and back", () => {
    expect(walk({ rowKey: "pool-0-0" }, "right")).toBe("early/pool-0-0");
    expect(walk({ rowKey: "pool-0-0" }, "right", "right")).toBe("late/pool-0-0");
    expect(walk({ rowKey: "pool-0-0" }, "right", "right", "right")).toBe("nowhere");
    expect(walk({ rowKey: "pool-0-0" }, "right", "right", "left", "left")).toBe("pool-0-0");
    expect(walk({ rowKey: "pool-0-0" }, "row-end")).toBe("late/pool-0-0");
    expect(walk({ rowKey: "pool-0-0" }, "row-end", "row-start")).toBe("pool-0-0");
  });

  it("goes down to the bar nearest in time, and keeps its place over rows without bars", () => {
    expect(walk({ rowKey: "pool-0-0" }, "right", "right", "down")).toBe("late/pool-0-1");
    expect(walk({ rowKey: "pool-0-0" }, "right", "right", "down", "down")).toBe("pool-0-2");
    expect(walk({ rowKey: "pool-0-0" }, "right", "right", "down", "down", "up")).toBe("late/pool-0-1");
    expect(walk({ rowKey: "pool-0-0" }, "right", "right", "down", "down", "down", "down")).toBe("last/pool-1-0");
  });

  it("goes from head to head when it is on one", () => {
    expect(walk({ rowKey: "pool" }, "down", "down", "down")).toBe("pool-0-1");
    expect(walk({ rowKey: "pool" }, "up")).toBe("nowhere");
  });

  it("folds up, unfolds and climbs as in a tree", () => {
    expect(walk({ rowKey: "pool-0" }, "left")).toBe("fold pool-0");
    expect(walk({ rowKey: "pool-0-1" }, "left")).toBe("pool-0");
    expect(walk({ rowKey: "pool-0" }, "right")).toBe("pool-0-0");
    const folded = rowsOf([pool], new Map([["pool", pool]]), (key) => key === "pool-0");
    const at: GanttFocus = { rowKey: "pool-0", barKey: null, time: null };
    expect(stepFrom(folded, model, at, "right")).toEqual({ fold: "pool-0", isOpen: true });
    expect(stepFrom(folded, model, at, "left")).toEqual({ focus: { rowKey: "pool", barKey: null, time: null } });
  });

  it("leaps to the ends", () => {
    expect(walk({ rowKey: "pool-0-1" }, "first-row")).toBe("pool");
    expect(walk({ rowKey: "pool" }, "last-row")).toBe("pool-1-0");
    expect(walk({ rowKey: "pool" }, "page-down")).toBe("pool-1-0");
    expect(walk({ rowKey: "pool-1-0" }, "page-down")).toBe("nowhere");
    expect(walk({ rowKey: "pool-1-0" }, "page-up")).toBe("pool");
  });

  it("begins at the first row when what had the focus is gone", () => {
    expect(walk({ rowKey: "gone" }, "down")).toBe("pool-0");
    expect(stepFrom([], model, { rowKey: "x", barKey: null, time: null }, "down")).toBeNull();
  });

  it("reaches every bar by keys alone", () => {
    const reached = rows.flatMap((row) => {
      const found: string[] = [];
      let focus: GanttFocus = { rowKey: row.key, barKey: null, time: null };
      for (;;) {
        const step = row.kind === "unit" ? stepFrom(rows, model, focus, "right") : null;
        if (step === null || "fold" in step) return found;
        focus = step.focus;
        found.push(focus.barKey ?? "");
      }
    });
    expect(reached).toEqual([...model.byUnit.values()].flat().map(({ key }) => key));
  });
});

it("knows its keys", () => {
  expect([moveOf("ArrowLeft", false), moveOf("Home", true), moveOf("End", false)]).toEqual([
    "left",
    "first-row",
    "row-end",
  ]);
  expect([moveOf("ArrowLeft", true), moveOf("a", false)]).toEqual([null, null]);
});
