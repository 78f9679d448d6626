import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareTexts, type DiffLine } from "@/lib/contracts/config-diff";
import { foldLines, isFold, pairLines } from "./diff-rows";

const text = fc.array(fc.constantFrom("a", "b", "c", ""), { maxLength: 60 }).map((lines) => lines.join("\n"));

const unfold = (rows: ReturnType<typeof foldLines>) => rows.flatMap((row) => (isFold(row) ? row.hidden : [row]));

describe("the rows of a diff", () => {
  it("hide unchanged lines alone, and all of them can be brought back", () => {
    fc.assert(
      fc.property(text, text, (from, to) => {
        const lines = compareTexts(from, to);
        const rows = foldLines(lines);
        expect(unfold(rows)).toEqual(lines);
        for (const row of rows) if (isFold(row)) expect(row.hidden.every(({ kind }) => kind === "same")).toBe(true);
      }),
    );
  });

  it("stand side by side without losing or moving a line", () => {
    fc.assert(
      fc.property(text, text, (from, to) => {
        const lines = compareTexts(from, to);
        const pairs = pairLines(lines);
        const side = (pick: "left" | "right") =>
          pairs.flatMap((pair) => (isFold(pair) ? [] : (pair[pick]?.text ?? [])));
        expect(side("left").join("\n")).toBe(from);
        expect(side("right").join("\n")).toBe(to);
      }),
    );
  });

  it("keep three lines around a change in sight", () => {
    const from = Array.from({ length: 20 }, (_, index) => `line ${index + 1}`).join("\n");
    const rows = foldLines(compareTexts(from, from.replace("line 10", "other")));
    const shown = rows.flatMap((row) => (isFold(row) ? [`(${row.hidden.length})`] : [row.text]));
    expect(shown).toEqual([
      "(6)",
      "line 7",
      "line 8",
      "line 9",
      "line 10",
      "other",
      "line 11",
      "line 12",
      "line 13",
      "(7)",
    ]);
  });

  it("stay whole when nothing changed", () => {
    const lines: DiffLine[] = compareTexts("a\nb\nc\nd\ne\nf\ng", "a\nb\nc\nd\ne\nf\ng");
    expect(foldLines(lines)).toEqual(lines);
  });
});
