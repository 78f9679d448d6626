import { describe, expect, it } from "vitest";
import { parseDelays, previewRetries, scheduleOf, summariseRetries } from "@/components/webhooks/retry-text";

describe("parseDelays", () => {
  it.each([
    ["2, 4, 8", [2, 4, 8]],
    ["5 60\n300", [5, 60, 300]],
    [" 2,,4; ", [2, 4]],
    ["", []],
    [String(30 * 24 * 3600), [2_592_000]],
  ])("reads %j", (text, delays_s) => {
    expect(parseDelays(text)).toEqual({ delays_s });
  });

  it.each([
    ["2, 4s", '"4s"'],
    ["1.5", '"1.5"'],
    ["-1", '"-1"'],
    ["0", "at least 1 second"],
    ["2592001", "too long"],
    [Array.from({ length: 21 }, () => 1).join(","), "At most 20 retries; these are 21"],
  ])("refuses %j and says why", (text, why) => {
    expect(parseDelays(text)).toEqual({ error: expect.stringContaining(why) });
  });
});

describe("previewRetries", () => {
  it("tells each step and the end", () => {
    expect(previewRetries(scheduleOf({ preset: "quick" }))).toBe(
      "Attempt 1 now, 2 after 2 s, 3 after 4 s, 4 after 8 s. Gives up after about 14 s of waiting.",
    );
    expect(previewRetries({ delays_s: [90], jitter: 0 })).toBe(
      "Attempt 1 now, 2 after 1 min 30 s. Gives up after about 1 min 30 s of waiting.",
    );
  });

  it("says that waits vary where they do", () => {
    expect(previewRetries(scheduleOf({ preset: "standard" }))).toContain("each wait varied by up to 20 %");
  });

  it("says that nothing is retried", () => {
    expect(previewRetries({ delays_s: [], jitter: 0 })).toBe("A single attempt, no retries.");
  });
});

describe("summariseRetries", () => {
  it.each([
    [{ preset: "quick" } as const, "3 retries: 2 s, 4 s, 8 s"],
    [{ delays_s: [60] }, "1 retry: 1 min"],
    [{ delays_s: [] }, "No retries"],
  ])("of %j is %j", (retry, words) => {
    expect(summariseRetries(retry)).toBe(words);
  });
});
