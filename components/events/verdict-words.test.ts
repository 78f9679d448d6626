import { describe, expect, it } from "vitest";
import type { EventVerdict } from "@/lib/contracts/verdicts";
import { nowWords, sendBlock, sendConsequence, sendWord } from "./verdict-words";

const delivery = (status: "pending" | "delivering" | "delivered" | "failed"): EventVerdict["delivery"] => ({
  id: "dlv_1",
  status,
  attempt_count: 1,
  max_attempts: 4,
  http_status: null,
  error_message: null,
  next_attempt_at: null,
  completed_at: null,
});
const webhook = { id: "wh_1", url: "https://example.com", description: "", status: "healthy" } as const;
const none = { delivery: null };

describe("what sending is called and what it does", () => {
  it("depends on whether there is a delivery", () => {
    expect(sendWord(none)).toBe("Send anyway");
    expect(sendWord({ delivery: delivery("pending") })).toBe("Send now");
    expect(sendWord({ delivery: delivery("failed") })).toBe("Send again");
  });

  it("warns of a second time only where there may be one", () => {
    expect(sendConsequence([none]).join(" ")).toMatch(/^It gets a delivery of its own/);
    expect(sendConsequence([none]).join(" ")).not.toContain("second time");
    expect(sendConsequence([{ delivery: delivery("delivered") }]).join(" ")).toMatch(
      /^It had a delivery of this event: the receiver may see it a second time, with the same delivery id/,
    );
    expect(sendConsequence([{ delivery: delivery("pending") }])).toEqual([
      "The delivery that waits is sent at once instead.",
    ]);
  });

  it("counts several by what happens to them", () => {
    const sentences = sendConsequence([
      none,
      none,
      { delivery: delivery("pending") },
      { delivery: delivery("delivered") },
      { delivery: delivery("failed") },
    ]);
    expect(sentences.map((sentence) => sentence.split(" ").slice(0, 3).join(" "))).toEqual([
      "2 webhooks get",
      "1 delivery that",
      "2 webhooks had",
    ]);
  });
});

describe("sendBlock", () => {
  const row = { can_send: false, webhook, verdict: "delivered", delivery: null } as const;
  it.each([
    [{ ...row, can_send: true }, undefined],
    [
      { ...row, webhook: { ...webhook, status: "deleted" } } as const,
      "The webhook was deleted; nothing can be sent to it.",
    ],
    [{ ...row, webhook: { ...webhook, status: "disabled" } } as const, "The webhook is disabled; enable it first."],
    [{ ...row, delivery: delivery("delivering") }, "An attempt is under way."],
    [{ ...row, verdict: "addressed_to_another" } as const, "The event is a test of another webhook."],
  ])("of %j is %s", (given, reason) => {
    expect(sendBlock(given, true)).toBe(reason);
    expect(sendBlock(given, false)).toBe("Your role can look at deliveries but not send them.");
  });
});

describe("nowWords", () => {
  const now = { would_match: false, detail: "It is disabled." };
  it("adds what differs today, and nothing to what was sent", () => {
    expect(nowWords({ ...none, verdict: "not_subscribed", now: { ...now, would_match: true } })).toBe(
      "It would get such an event now.",
    );
    expect(nowWords({ ...none, verdict: "disabled", now })).toBe("It would not get it now either. It is disabled.");
    expect(nowWords({ ...none, verdict: "not_subscribed", now })).toBeNull();
    expect(nowWords({ delivery: delivery("failed"), verdict: "failed", now })).toBeNull();
  });
});
