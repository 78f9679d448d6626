import { describe, expect, it } from "vitest";
import { backoffMs } from "@/store/backoff";

describe("backoffMs", () => {
  it("doubles from half a second and stops growing at 20 seconds", () => {
    expect([1, 2, 3, 4, 5, 6, 7, 50].map((failures) => backoffMs(failures, () => 0))).toEqual([
      500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000,
    ]);
  });

  it("takes off at most half, at random", () => {
    expect(backoffMs(3, () => 1)).toBe(1000);
    expect(backoffMs(3, () => 0.5)).toBe(1500);
  });
});
