import { expect, it } from "vitest";
import { parsePrefs } from "./gantt-prefs";
import { SPAN_LIMITS, ZOOMS } from "./time-scale";

it("takes from storage what is usable, and the first values for the rest", () => {
  const atFirst = { rowHeight: 28, span: ZOOMS[2].ms };
  for (const stored of [null, "", "{", "[]", "7", '"x"', "null", '{"rowHeight":21,"span":"x"}']) {
    expect(parsePrefs(stored)).toEqual(atFirst);
  }
  expect(parsePrefs('{"rowHeight":40,"span":86400000}')).toEqual({ rowHeight: 40, span: 86_400_000 });
  expect(parsePrefs('{"rowHeight":20,"span":1}')).toEqual({ rowHeight: 20, span: SPAN_LIMITS.least });
});
