import { describe, expect, it } from "vitest";
import { returnPath } from "./return-path";

const ORIGIN = "https://dumont.example";

describe("returnPath", () => {
  it("keeps paths of the console, query included", () => {
    expect(returnPath("/app/deliveries?status=failed", ORIGIN)).toBe("/app/deliveries?status=failed");
    expect(returnPath(`${ORIGIN}/invite/abc`, ORIGIN)).toBe("/invite/abc");
  });

  it.each([
    undefined,
    "",
    "https://evil.example/app",
    "//evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    `${ORIGIN}.evil.example/app`,
    `${ORIGIN}@evil.example/app`,
    `${ORIGIN}//evil.example`,
    `${ORIGIN}/\\evil.example`,
    "javascript:alert(1)",
    ORIGIN,
  ])("leads to the start from %j", (callbackUrl) => {
    expect(returnPath(callbackUrl, ORIGIN)).toBe("/app");
  });
});
