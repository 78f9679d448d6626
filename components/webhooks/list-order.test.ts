import { describe, expect, it } from "vitest";
import type { Webhook } from "@/lib/contracts/webhooks";
import { inOrder, ofStatus, SORTS } from "./list-order";

const make = (id: string, status: Webhook["status"], disabled_reason: "manual" | "gone" | null = null) => ({
  id,
  url: "https://example.com",
  description: id,
  status,
  condition: {
    since: "2026-11-22T10:00:00Z",
    failing_since: null,
    consecutive_failures: 0,
    last_failure: null,
    paused_until: null,
    disabled_reason,
  },
});

const webhooks = [
  make("Delta", "healthy"),
  make("Off", "disabled", "manual"),
  make("Alpha", "warning"),
  make("Gone", "disabled", "gone"),
  make("Probe", "probing"),
  make("Idle", "healthy"),
];
const health = new Map([
  ["Delta", { success_rate: 1, p95_ms: 20 }],
  ["Alpha", { success_rate: 0.4, p95_ms: 9000 }],
  ["Probe", { success_rate: 0, p95_ms: 300 }],
  ["Idle", { success_rate: null, p95_ms: null }],
]);

describe("the list of webhooks", () => {
  it.each([
    ["newest", ["Delta", "Off", "Alpha", "Gone", "Probe", "Idle"]],
    ["status", ["Gone", "Probe", "Alpha", "Delta", "Idle", "Off"]],
    ["success", ["Probe", "Alpha", "Delta", "Off", "Gone", "Idle"]],
    ["slowest", ["Alpha", "Probe", "Delta", "Off", "Gone", "Idle"]],
    ["name", ["Alpha", "Delta", "Gone", "Idle", "Off", "Probe"]],
  ] as const)("sorted by %s", (sort, names) => {
    expect(inOrder(webhooks, sort, health).map(({ id }) => id)).toEqual(names);
  });

  it("loses none by sorting, whatever is known", () => {
    for (const sort of SORTS) expect(inOrder(webhooks, sort, new Map())).toHaveLength(webhooks.length);
  });

  it("narrowed to statuses", () => {
    expect(ofStatus(webhooks, ["warning", "probing"]).map(({ id }) => id)).toEqual(["Alpha", "Probe"]);
    expect(ofStatus(webhooks, [])).toHaveLength(6);
  });
});
