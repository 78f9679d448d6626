import { describe, expect, it } from "vitest";
import { countdownText } from "./countdown";

describe("countdownText", () => {
  it.each([
    [1, "in 1 s"],
    [1000, "in 1 s"],
    [1001, "in 2 s"],
    [4000, "in 4 s"],
    [59_001, "in 1 min"],
    [192_000, "in 3 min 12 s"],
    [7_500_000, "in 2 h 5 min"],
    [26 * 3_600_000, "in 1 d 2 h"],
  ])("%i ms before: %s", (left, words) => {
    expect(countdownText(1_000_000 + left, 1_000_000)).toBe(words);
  });

  it("says that it is due from the moment itself on", () => {
    expect(countdownText(1_000_000, 1_000_000)).toBe("due now");
    expect(countdownText(999_000, 1_000_000)).toBe("due now");
  });

  it("has no words for what is not a time", () => {
    expect(countdownText(Number.NaN, 0)).toBe("–");
  });
});
