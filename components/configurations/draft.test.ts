import { describe, expect, it } from "vitest";
import { readLaunchText } from "@/lib/contracts/launch-text";
import { draftOf, isStarter, keepDraft, keptDraft, switchFormat } from "./draft";

describe("a draft", () => {
  it("begins with an example that holds", () => {
    const draft = draftOf(null, 0);
    const { source, format, base } = draft;
    expect(isStarter(draft)).toBe(true);
    expect(isStarter({ ...draft, source: `${source}# mine` })).toBe(false);
    expect(readLaunchText(source, format).problems).toEqual([]);
    expect(base).toBe(0);
  });

  it("has its comments again when its format is switched there and back", () => {
    const draft = draftOf({ source: "# why\nimage: a\n", format: "yaml" }, 3);
    const json = switchFormat(draft, "json");
    expect(json?.source).toBe('{\n  "image": "a"\n}\n');
    expect(json && switchFormat(json, "yaml")).toMatchObject({ source: "# why\nimage: a\n", format: "yaml", base: 3 });
  });

  it("is converted anew when something was written in between", () => {
    const json = switchFormat(draftOf({ source: "# why\nimage: a\n", format: "yaml" }, 3), "json");
    const changed = json && switchFormat({ ...json, source: '{"image": "b"}' }, "yaml");
    expect(changed?.source).toBe("image: b\n");
  });

  it("stays as it is when it cannot be read", () => {
    expect(switchFormat(draftOf({ source: "image: [", format: "yaml" }, 1), "json")).toBeNull();
  });

  it("is kept by its variant until it is let go", () => {
    const draft = draftOf(null, 0);
    keepDraft("var_1", draft);
    expect(keptDraft("var_1")).toBe(draft);
    expect(keptDraft("var_2")).toBeUndefined();
    keepDraft("var_1", null);
    expect(keptDraft("var_1")).toBeUndefined();
  });
});
