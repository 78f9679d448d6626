import { describe, expect, it } from "vitest";
import { parseCredits } from "./amount";

describe("an amount that somebody typed", () => {
  it.each([
    ["1", 1_000_000],
    [" 12.5 ", 12_500_000],
    ["0.000001", 1],
    ["1,234.50", 1_234_500_000],
    ["1 234 567", 1_234_567_000_000],
    ["9007199254.740991", Number.MAX_SAFE_INTEGER],
  ])("%s is %i micro-credits", (text, micros) => {
    expect(parseCredits(text)).toBe(micros);
  });

  it.each(["", "0", "0.0000001", "-1", "1e3", "1,23", "1.", ".5", "ten", "9007199254.740992"])("%s is none", (text) => {
    expect(parseCredits(text)).toBeNull();
  });
});
