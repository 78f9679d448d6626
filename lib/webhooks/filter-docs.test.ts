import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { PREVIEW_EVENTS } from "@/lib/contracts/filter-preview";
import {
  FIELD_OPERATORS,
  LOGICAL_OPERATORS,
  PAYLOAD_FILTER_LIMITS,
  payloadFilterSchema,
} from "@/lib/contracts/payload-filter";

/** docs/filters.md, whose examples and limits must be true. */
const PAGE = readFileSync("docs/filters.md", "utf8");
const EXAMPLES = [...PAGE.matchAll(/^\| [^|]+ \| `(\{.*\})` \|$/gm)].map((match) => match[1] ?? "");

describe("the page on filters", () => {
  it("has examples", () => {
    expect(EXAMPLES.length).toBeGreaterThan(8);
  });

  it.each(EXAMPLES)("gives an example that is accepted: %s", (example) => {
    expect(payloadFilterSchema.safeParse(JSON.parse(example)).error).toBeUndefined();
  });

  it.each([...Object.keys(FIELD_OPERATORS), ...Object.keys(LOGICAL_OPERATORS)])("explains %s", (operator) => {
    expect(PAGE).toContain(`\`${operator}\``);
  });

  it.each([
    ["payload filter", `${PAYLOAD_FILTER_LIMITS.bytes / 1024} KiB`],
    ["objects and lists inside one another", `${PAYLOAD_FILTER_LIMITS.depth} levels`],
    ["conditions", `${PAYLOAD_FILTER_LIMITS.conditions}`],
    ["values in one list (`$in`, `$nin`, `$all`)", `${PAYLOAD_FILTER_LIMITS.values}`],
    ["a path", `${PAYLOAD_FILTER_LIMITS.pathLength} characters`],
    ["elements of a list in an event that are looked at", PAYLOAD_FILTER_LIMITS.elements.toLocaleString("en")],
    ["events of a dry run", `${PREVIEW_EVENTS}`],
  ])("tells the limit of %s", (what, limit) => {
    const line = PAGE.split("\n").find((row) => row.startsWith(`| ${what} |`));
    expect(line).toContain(limit);
  });
});
