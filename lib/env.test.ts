import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

const variables = [...readFileSync("lib/env.ts", "utf8").matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(
  ([, name = ""]) => name,
);

describe("what the environment may say", () => {
  it.each(["README.md", ".env.example"])("is listed in %s, all of it", (file) => {
    expect(variables.length).toBeGreaterThan(30);
    const text = readFileSync(file, "utf8");
    // Set by the commands themselves.
    const missing = variables.filter((name) => name !== "NODE_ENV" && !new RegExp(`\\b${name}\\b`).test(text));
    expect(missing).toEqual([]);
  });
});
