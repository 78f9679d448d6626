import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareTemplates, compareTexts } from "@/lib/contracts/config-diff";
import { type LaunchTemplate, launchTemplateSchema } from "@/lib/contracts/launch-template";

const lines = fc
  .array(fc.constantFrom("a", "b", "", "  c", "d\r", "# e"), { maxLength: 40 })
  .map((all) => all.join("\n"));

const template: fc.Arbitrary<LaunchTemplate> = fc.record({
  image: fc.constantFrom("a", "b"),
  env: fc.dictionary(fc.constantFrom("A", "B", "C", "image"), fc.constantFrom("", "1", "2"), { noNullPrototype: true }),
  start_script: fc.constantFrom("", "x"),
  ports: fc.array(fc.constantFrom(1, 2), { maxLength: 2 }),
  disk_gb: fc.constantFrom(8, 16),
  gpu_type: fc.constantFrom(null, "H100"),
});

/** Applies a structural diff, as a reader of it would. */
function apply(from: LaunchTemplate, changes: ReturnType<typeof compareTemplates>): LaunchTemplate {
  const result: Record<string, unknown> & { env: Record<string, string> } = { ...from, env: { ...from.env } };
  for (const { field, kind, to } of changes) {
    const name = field.startsWith("env.") ? field.slice(4) : null;
    if (name === null) result[field] = to;
    else if (kind === "removed") delete result.env[name];
    else result.env[name] = String(to);
  }
  return launchTemplateSchema.parse(result);
}

describe("what differs between two versions", () => {
  it("leads from the one to the other by field, and names nothing that is the same", () => {
    fc.assert(
      fc.property(template, template, (from, to) => {
        const changes = compareTemplates(from, to);
        expect(apply(from, changes)).toEqual(to);
        for (const change of changes) expect(change.from).not.toEqual(change.to);
        expect(compareTemplates(from, from)).toEqual([]);
        const back = new Map(compareTemplates(to, from).map(({ field, from: was, to: is }) => [field, [is, was]]));
        expect(back).toEqual(new Map(changes.map(({ field, from: was, to: is }) => [field, [was, is]])));
      }),
    );
  });

  it("holds both texts, line by line, with their numbers", () => {
    fc.assert(
      fc.property(lines, lines, (from, to) => {
        const diff = compareTexts(from, to);
        const before = diff.filter(({ kind }) => kind !== "added");
        const after = diff.filter(({ kind }) => kind !== "removed");
        expect(before.map(({ text }) => text).join("\n")).toBe(from);
        expect(after.map(({ text }) => text).join("\n")).toBe(to);
        expect(before.map(({ from_line }) => from_line)).toEqual(before.map((_, index) => index + 1));
        expect(after.map(({ to_line }) => to_line)).toEqual(after.map((_, index) => index + 1));
        if (from === to) expect(diff.every(({ kind }) => kind === "same")).toBe(true);
      }),
    );
  });

  it("tells all of it where looking for the least would take too long", () => {
    const from = Array.from({ length: 20_000 }, (_, index) => `a${index % 7}`).join("\n");
    const to = Array.from({ length: 20_000 }, (_, index) => `b${index % 5}`).join("\n");
    const diff = compareTexts(from, to);
    expect(diff.filter(({ kind }) => kind === "removed")).toHaveLength(20_000);
    expect(diff.filter(({ kind }) => kind === "added")).toHaveLength(20_000);
  });

  it("names the variables one by one, and everything of what has nothing before it", () => {
    const to = launchTemplateSchema.parse({ image: "a", env: { B: "1", A: "2" } });
    expect(compareTemplates(null, to).map(({ field, kind }) => `${kind} ${field}`)).toEqual([
      "added image",
      "added gpu_type",
      "added disk_gb",
      "added ports",
      "added env.A",
      "added env.B",
      "added start_script",
    ]);
  });
});
