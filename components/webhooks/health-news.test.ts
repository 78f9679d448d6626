import { describe, expect, it } from "vitest";
import { type HealthNews, newsAfter, stagesOf } from "@/components/webhooks/health-news";
import type { Webhook, WebhookStatus } from "@/lib/contracts/webhooks";

const NONE: HealthNews = new Map();

function stages(states: Readonly<Record<string, WebhookStatus | "off">>) {
  return stagesOf(
    Object.entries(states).map(([id, state]) => ({
      id,
      status: state === "off" ? "disabled" : state,
      condition: conditionOf(state === "off" ? "manual" : state === "disabled" ? "failing" : null),
    })),
  );
}

function conditionOf(disabled_reason: Webhook["condition"]["disabled_reason"]): Webhook["condition"] {
  const never = { failing_since: null, last_failure: null, paused_until: null };
  return { since: "2026-01-01T00:00:00.000Z", consecutive_failures: 0, disabled_reason, ...never };
}

describe("the news of webhooks", () => {
  it("are the steps since the page was opened, the latest of each", () => {
    const begin = stages({ a: "healthy", b: "warning", c: "probing", d: "warning", e: "disabled" });
    const later = stages({ a: "warning", b: "probing", c: "disabled", d: "healthy", e: "disabled" });
    const news = newsAfter(NONE, begin, later);
    expect([...news]).toEqual([
      ["a", "warning"],
      ["b", "probing"],
      ["c", "disabled"],
      ["d", "recovered"],
    ]);
    const last = stages({ a: "healthy", b: "probing", c: "disabled", d: "healthy", e: "disabled" });
    expect([...newsAfter(news, later, last)]).toEqual([
      ["a", "recovered"],
      ["b", "probing"],
      ["c", "disabled"],
      ["d", "recovered"],
    ]);
  });

  it("are not what a person did, and end with it", () => {
    const news = newsAfter(NONE, stages({ a: "warning", b: "healthy" }), stages({ a: "disabled", b: "off" }));
    expect([...news]).toEqual([["a", "disabled"]]);
    const enabled = newsAfter(news, stages({ a: "disabled", b: "off" }), stages({ a: "healthy", b: "healthy" }));
    expect([...enabled]).toEqual([]);
  });

  it("do not tell what a webhook is like that was not known before, or is gone", () => {
    expect([...newsAfter(NONE, stages({}), stages({ a: "warning" }))]).toEqual([]);
    expect([...newsAfter(new Map([["a", "warning"]]), stages({ a: "warning" }), stages({}))]).toEqual([]);
  });
});
