import { describe, expect, it } from "vitest";
import type { Webhook } from "@/lib/contracts/webhooks";
import {
  disabledCause,
  failureWords,
  isDisabledBySystem,
  missedWords,
  needsAttention,
  replayMissedHref,
  waitingWords,
} from "./condition-words";

const calm: Webhook["condition"] = {
  since: "2026-11-22T10:00:00Z",
  failing_since: null,
  consecutive_failures: 0,
  last_failure: null,
  paused_until: null,
  disabled_reason: null,
};

describe("the condition of a webhook in words", () => {
  it("tells what we disabled from what a person did", () => {
    const disabled = (disabled_reason: Webhook["condition"]["disabled_reason"]) =>
      ({ status: "disabled", condition: { ...calm, disabled_reason } }) as const;
    expect(
      (["gone", "failing", "manual", null] as const).map((reason) => isDisabledBySystem(disabled(reason))),
    ).toEqual([true, true, false, false]);
    expect(needsAttention(disabled("manual"))).toBe(false);
    expect(needsAttention(disabled("gone"))).toBe(true);
    expect(needsAttention({ status: "warning", condition: calm })).toBe(true);
    expect(needsAttention({ status: "healthy", condition: calm })).toBe(false);
  });

  it("names the cause", () => {
    expect(disabledCause({ ...calm, disabled_reason: "gone" })).toMatch(/410 Gone/);
    expect(disabledCause({ ...calm, disabled_reason: "failing" })).toMatch(/five days/);
    expect(disabledCause({ ...calm, disabled_reason: "manual" })).toBe("Somebody switched it off.");
  });

  it("counts failures, deliveries and events", () => {
    expect(failureWords({ ...calm, consecutive_failures: 1 })).toBe("1 failed attempt.");
    expect(failureWords({ ...calm, consecutive_failures: 1200, last_failure: "Answered 503." })).toBe(
      "1,200 failed attempts in a row, the last one: Answered 503.",
    );
    expect([undefined, 0, 1, 1500].map(waitingWords)).toEqual([
      "Deliveries that were pending wait; enabling it sends them at once.",
      "No delivery is waiting.",
      "1 pending delivery waits; enabling it sends it at once.",
      "1,500 pending deliveries wait; enabling it sends them at once.",
    ]);
    expect(missedWords({ events: 1, more: false })).toBe("1 event");
    expect(missedWords({ events: 10_000, more: true })).toBe("more than 10,000 events");
  });

  it("leads to the replay of what was missed", () => {
    expect(replayMissedHref("wh_1", { from: "2026-11-20T10:00:00.000Z", to: "2026-11-22T10:00:00.000Z" })).toBe(
      "/app/replays/new?kind=while_disabled&webhook_ids=wh_1&from=2026-11-20T10%3A00%3A00.000Z&to=2026-11-22T10%3A00%3A00.000Z",
    );
  });
});
