import { describe, expect, it } from "vitest";
import { extended, headState, isSelected, NOTHING_SELECTED, sizeOf, toggled, toggledAll } from "./selection";

const ROWS = ["e", "d", "c", "b", "a"];
const ids = ({ ids: chosen }: { ids: ReadonlySet<string> }) => [...chosen].sort().join("");
const matching = { filter: {}, total: 900, delivered: 3 };

describe("selecting rows", () => {
  it("takes and lets go of single rows", () => {
    const two = toggled(toggled(NOTHING_SELECTED, "a"), "c");
    expect(ids(two)).toBe("ac");
    expect(ids(toggled(two, "a"))).toBe("c");
  });

  it("extends from the row that was pressed last, up or down, and again from there", () => {
    const one = toggled(NOTHING_SELECTED, "c");
    expect(ids(extended(one, ROWS, "e"))).toBe("cde");
    expect(ids(extended(one, ROWS, "a"))).toBe("abc");
    expect(ids(extended(extended(one, ROWS, "e"), ROWS, "b"))).toBe("bcde");
  });

  it("begins a range where there is no beginning any more", () => {
    expect(ids(extended(NOTHING_SELECTED, ROWS, "c"))).toBe("c");
    expect(ids(extended(toggled(NOTHING_SELECTED, "gone"), ROWS, "c"))).toBe("cgone");
  });

  it("says in the head whether all, some or none are chosen", () => {
    expect(headState(NOTHING_SELECTED, ROWS)).toBe(false);
    expect(headState(toggled(NOTHING_SELECTED, "a"), ROWS)).toBe("indeterminate");
    const all = toggledAll(toggled(NOTHING_SELECTED, "a"), ROWS);
    expect(headState(all, ROWS)).toBe(true);
    expect(headState(all, [...ROWS, "0"]), "more were loaded").toBe("indeterminate");
    expect(toggledAll(all, ROWS)).toBe(NOTHING_SELECTED);
    expect(headState(NOTHING_SELECTED, [])).toBe(false);
  });

  it("means every row once all that match are chosen, until a single one is", () => {
    const all = { ...NOTHING_SELECTED, matching };
    expect(isSelected(all, "never loaded")).toBe(true);
    expect(sizeOf(all)).toBe(900);
    expect(headState(all, ROWS)).toBe(true);
    expect(ids(toggled(all, "b"))).toBe("b");
    expect(sizeOf(toggled(all, "b"))).toBe(1);
    expect(ids(extended(all, ROWS, "b"))).toBe("b");
  });
});
