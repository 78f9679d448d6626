import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readScaled, writeScaled } from "./scaled";

describe("amounts with decimals", () => {
  it.each([
    ["2.5", 6, 2_500_000],
    ["1,000", 6, 1_000_000_000],
    ["1 000.5", 2, 100_050],
    [" 12 ", 6, 12_000_000],
    [".5", 2, 50],
    ["7.", 2, 700],
    ["0", 6, 0],
    ["0.000001", 6, 1],
    ["12.5", 2, 1250],
  ])("reads %j with %i decimals as %i", (text, decimals, value) => {
    expect(readScaled(text, decimals)).toBe(value);
  });

  it.each(["", " ", ".", "-1", "1e3", "1.2.3", "abc", "0.0000001", "1 00", "2,5", "9999999999999"])(
    "reads %j as nothing",
    (text) => {
      expect(readScaled(text, 6)).toBeNaN();
    },
  );

  it("writes what it reads, for every amount", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER }), fc.constantFrom(2, 6), (value, decimals) => {
        expect(readScaled(writeScaled(value, decimals), decimals)).toBe(value);
      }),
    );
    expect(writeScaled(Number.NaN, 6)).toBe("");
  });
});
