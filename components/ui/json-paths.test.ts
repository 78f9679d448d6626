import { describe, expect, it } from "vitest";
import { countJson, findInJson, formatJsonPath, jsonAt, jsonText } from "./json-paths";

const sample = {
  id: "evt_1",
  data: {
    items: [
      { name: "H100", price: 250 },
      { name: "A100", price: null },
    ],
    "content-type": "text/plain",
    "": "empty key",
  },
};

describe("formatJsonPath", () => {
  it.each([
    [[], ""],
    [["id"], "id"],
    [["data", "items", 0, "name"], "data.items[0].name"],
    [["data", "content-type"], 'data["content-type"]'],
    [["data", ""], 'data[""]'],
    [[3, "x"], "[3].x"],
    [['say "hi"'], '["say \\"hi\\""]'],
  ])("%j reads %s", (path, text) => {
    expect(formatJsonPath(path)).toBe(text);
  });
});

describe("findInJson", () => {
  it("finds keys and values in document order, whatever the case", () => {
    expect(findInJson(sample, "100").map(formatJsonPath)).toEqual(["data.items[0].name", "data.items[1].name"]);
    expect(findInJson(sample, "PRICE").map(formatJsonPath)).toEqual(["data.items[0].price", "data.items[1].price"]);
    expect(findInJson(sample, "null").map(formatJsonPath)).toEqual(["data.items[1].price"]);
  });

  it("finds nothing for an empty text, the root when that is plain, and stops at the limit", () => {
    expect(findInJson(sample, "")).toEqual([]);
    expect(findInJson("hello", "ell")).toEqual([[]]);
    expect(
      findInJson(
        Array.from({ length: 50 }, () => "x"),
        "x",
        7,
      ),
    ).toHaveLength(7);
  });

  it("gives paths that lead back to what was found", () => {
    for (const path of findInJson(sample, "e")) {
      const key = path.at(-1);
      expect(`${key} ${jsonText(jsonAt(sample, path))}`.toLowerCase()).toContain("e");
    }
    expect(jsonAt(sample, ["data", "items", 1, "name"])).toBe("A100");
    expect(jsonAt(sample, ["data", "items", "1"])).toBeUndefined();
    expect(jsonAt(sample, ["toString"])).toBeUndefined();
  });
});

describe("countJson", () => {
  it("counts entries at all depths up to the limit", () => {
    expect(countJson(sample, 100)).toBe(11);
    expect(countJson(sample, 5)).toBe(5);
    expect(countJson("plain", 5)).toBe(0);
  });
});
