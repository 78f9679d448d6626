import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lineAt, scanJson } from "@/components/webhooks/json-scan";

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Every path in a value, with what is there. */
function paths(value: unknown, path: (string | number)[] = []): [(string | number)[], unknown][] {
  const inside =
    typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([key, child]) =>
          paths(child, [...path, Array.isArray(value) ? Number(key) : key]),
        )
      : [];
  return [[path, value], ...inside];
}

describe("scanJson", () => {
  it("reads what JSON.parse reads, and knows where each part stands", () => {
    const value = fc.oneof(fc.jsonValue({ depthSize: "small" }), fc.object());
    fc.assert(
      fc.property(value, fc.constantFrom(undefined, 2, "\t"), (given, space) => {
        const text = JSON.stringify(given, null, space) ?? "null";
        const scan = scanJson(text);
        if (!scan.ok) throw new Error(scan.message);
        expect(scan.value).toEqual(JSON.parse(text));
        for (const [path, part] of paths(scan.value)) {
          const { start, end } = scan.placeOf(path);
          const name = typeof path.at(-1) === "string" ? JSON.stringify(path.at(-1)) : "";
          expect(text.slice(start).startsWith(name)).toBe(true);
          const own = name === "" ? text.slice(start, end) : text.slice(start + name.length, end).replace(/^\s*:/, "");
          expect(JSON.parse(own)).toEqual(part);
        }
      }),
    );
  });

  it("refuses exactly what JSON.parse refuses", () => {
    const piece = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"b',
      "'c'",
      "1",
      "-",
      "0.5",
      "01",
      "true",
      "nul",
      " ",
      "\n",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join("");
        const scan = scanJson(text);
        if (!scan.ok && scan.message.includes("twice")) return;
        expect(scan.ok).toBe(isJson(text));
        if (scan.ok) return;
        expect(scan.place.start).toBeGreaterThanOrEqual(0);
        expect(scan.place.end).toBeLessThanOrEqual(text.length);
        expect(scan.place.start).toBeLessThanOrEqual(scan.place.end);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['{"a": 1, }', ",", "one too many"],
    ['{"a": 1 "b": 2}', '"', "comma or } is missing"],
    ["{'a': 1}", "'", "double quotes"],
    ["{a: 1}", "a", "Put a in double quotes"],
    ['{"a": H100}', "H100", "Put H100 in double quotes"],
    ['{"a" 1}', "1", 'colon is missing after "a"'],
    ['{"a": }', "}", "A value is missing"],
    ['{"a": 1', "", "ends before its }"],
    ['{"a": "x', '"', "does not end"],
    ['{"a": 1} 2', "2", "goes on"],
    ['{"a": 1, "a": 2}', '"a"', "twice"],
  ])("tells of %s where it is wrong and what mends it", (text, wrong, mend) => {
    const scan = scanJson(text);
    if (scan.ok) throw new Error("accepted");
    expect(scan.message).toContain(mend);
    expect(text.slice(scan.place.start, scan.place.end)).toBe(wrong);
  });

  it("stands any depth", () => {
    expect(scanJson("[".repeat(100_000))).toMatchObject({ ok: false, message: "This is nested too deeply." });
  });
});

describe("lineAt", () => {
  it("counts from 1", () => {
    expect([0, 2, 3, 4].map((offset) => lineAt("ab\n\nc", offset))).toEqual([1, 1, 2, 3]);
  });
});
