import { describe, expect, it } from "vitest";
import { ATTEMPT_ERROR_CODES } from "@/lib/contracts/attempts";
import { explainError } from "./attempt-errors";

describe("explainError", () => {
  it("has words of its own for every code that an attempt can end with", () => {
    const unknown = explainError("something_else", null);
    const codes = ATTEMPT_ERROR_CODES.filter((code) => code !== "http_status");
    const meanings = codes.map((code) => explainError(code, null)?.meaning);
    expect(meanings).not.toContain(unknown?.meaning);
    expect(new Set(meanings).size).toBe(meanings.length);
  });

  it("says something of every status that is no success, and nothing of a success", () => {
    expect(explainError(null, 204)).toBeNull();
    expect(explainError("http_status", 302)?.meaning).toMatch(/redirect/);
    expect(explainError("http_status", 410)?.remedy).toMatch(/disabled/);
    expect(explainError("http_status", 422)?.meaning).toMatch(/2xx/);
    expect(explainError("http_status", 502)?.meaning).toMatch(/error of its own/);
  });
});
