import { describe, expect, it } from "vitest";
import { attemptResult, excerpt, forgeryVerdict, progressOf } from "@/components/webhooks/test-words";
import { DELIVERY_STATUSES } from "@/lib/contracts/deliveries";

describe("progressOf", () => {
  it.each([
    ["pending", 0, "Queued"],
    ["delivering", 1, "Attempt 1 of 4 under way"],
    ["pending", 2, "Attempt 2 of 4 failed"],
    ["delivered", 1, "Delivered at the first attempt"],
    ["delivered", 3, "Delivered at attempt 3"],
    ["failed", 4, "Failed after 4 attempts"],
    ["cancelled", 0, "Cancelled before it was sent"],
  ] as const)("%s after %i attempts: %s", (status, attempt_count, words) => {
    expect(progressOf({ status, attempt_count, max_attempts: 4 }).text).toBe(words);
  });

  it("tells why nothing was sent yet", () => {
    const waiting = { status: "pending", attempt_count: 0, max_attempts: 4, error_message: "No way out." } as const;
    expect(progressOf(waiting)).toEqual({ tone: "caution", text: "Not sent yet: No way out." });
  });

  it("speaks of success for no other status than delivered", () => {
    for (const status of DELIVERY_STATUSES.filter((name) => name !== "delivered")) {
      for (const attempt_count of [0, 1, 4]) {
        const { tone, text } = progressOf({ status, attempt_count, max_attempts: 4 });
        expect(tone).not.toBe("positive");
        expect(text).not.toMatch(/success|delivered/i);
      }
    }
  });
});

describe("attemptResult", () => {
  it("is the answer, or why there was none", () => {
    expect(attemptResult({ http_status: 200, error_code: null, latency_ms: 34 })).toBe("HTTP 200 OK in 34 ms");
    expect(attemptResult({ http_status: 599, error_code: null, latency_ms: 1500 })).toBe("HTTP 599 in 1.5 s");
    expect(attemptResult({ http_status: null, error_code: "timeout", latency_ms: 10_000 })).toBe("Timeout after 10 s");
  });
});

describe("excerpt", () => {
  it("says what it left out", () => {
    expect(excerpt("abcdef", 4)).toEqual({ text: "abcd", rest: 2 });
    expect(excerpt("abc", 4)).toEqual({ text: "abc", rest: 0 });
  });
});

describe("forgeryVerdict", () => {
  it("praises 4xx, warns of 2xx, and concludes nothing from anything else", () => {
    for (let status = 200; status < 600; status += 1) {
      const expected = status < 300 ? "danger" : status >= 400 && status < 500 ? "positive" : "caution";
      expect(forgeryVerdict({ http_status: status }).tone).toBe(expected);
    }
    expect(forgeryVerdict({ http_status: null }).tone).toBe("caution");
    expect(forgeryVerdict({ http_status: 204 }).title).toMatch(/accepted a forged signature!/);
  });
});
