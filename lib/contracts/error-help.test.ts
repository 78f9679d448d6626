import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ERROR_HELP } from "@/lib/contracts/error-help";
import { ERRORS, type ErrorCode } from "@/lib/contracts/problem";

it("docs/errors.md tells of every code what the page of errors tells", () => {
  const rows = readFileSync("docs/errors.md", "utf8")
    .split("\n")
    .filter((line) => line.startsWith("| `"));
  const codes = Object.keys(ERRORS) as ErrorCode[];
  expect(rows).toEqual(codes.map((code) => `| \`${code}\` | ${ERRORS[code].status} | ${ERROR_HELP[code]} |`));
});
