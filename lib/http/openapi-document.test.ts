import { globSync, readFileSync } from "node:fs";
import path from "node:path";
import { createConfig, lintFromString } from "@redocly/openapi-core";
import { describe, expect, it } from "vitest";
import { operations } from "@/lib/contracts/registry";
import { openApiDocument } from "@/lib/http/openapi-document";

const API = path.resolve("app/api/v1");
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"];

describe("the OpenAPI document", () => {
  it("is valid OpenAPI 3.1 in the eyes of an independent validator", async () => {
    const config = await createConfig({ extends: ["spec"] });
    const problems = await lintFromString({ source: JSON.stringify(openApiDocument()), config });
    expect(problems.map((problem) => `${problem.location[0]?.pointer}: ${problem.message}`)).toEqual([]);
  });

  it("describes exactly the route handlers that exist", async () => {
    const files = globSync("**/route.ts", { cwd: API });
    const handlers: string[] = [];
    for (const file of files) {
      const module: Record<string, unknown> = await import(path.join(API, file));
      const route = `/${path.dirname(file).replaceAll(/\[([^\]]+)\]/g, "{$1}")}`;
      for (const method of METHODS) if (method in module) handlers.push(`${method} ${route}`);
    }
    const described = operations.map((operation) => `${operation.method} ${operation.path}`);
    expect(described.toSorted()).toEqual(handlers.toSorted());
  });

  it("is the same as the one in docs/openapi.json; if not, run npm run openapi", () => {
    const committed = JSON.parse(readFileSync("docs/openapi.json", "utf8"));
    expect(JSON.parse(JSON.stringify(openApiDocument()))).toEqual(committed);
  });

  it("has an operation id once only", () => {
    const ids = operations.map((operation) => operation.id);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
