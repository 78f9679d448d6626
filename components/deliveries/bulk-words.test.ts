import { describe, expect, it } from "vitest";
import type { DeliveryFilter } from "@/store/delivery-mirror";
import { replayHref, scopeWords, skipWords } from "./bulk-words";
import { NOTHING_SELECTED } from "./selection";

const to = "2026-03-01T12:00:00.000Z";
const from = "2026-02-01T00:00:00.000Z";
const all = (filter: DeliveryFilter) => ({ ...NOTHING_SELECTED, matching: { filter, total: 4120, delivered: 0 } });

describe("scopeWords", () => {
  it("names exactly what is chosen", () => {
    const chips = [
      { key: "status" as const, field: "Status", operator: "is", value: "Failed" },
      { key: "time" as const, field: "Created", operator: "in the", value: "last 24 hours" },
    ];
    expect(scopeWords({ ...NOTHING_SELECTED, ids: new Set(["a"]) }, chips)).toBe("1 delivery selected");
    expect(scopeWords(all({}), chips)).toBe(
      "All 4,120 deliveries that match: Status is Failed, Created in the last 24 hours",
    );
    expect(scopeWords(all({}), [])).toBe("All 4,120 deliveries of the log");
  });
});

describe("skipWords", () => {
  it("gives each reason with its number", () => {
    expect(
      skipWords(
        new Map([
          ["webhook_disabled", 2],
          ["in_progress", 1],
        ] as const),
      ),
    ).toEqual(["2: the webhook is disabled", "1: an attempt is under way"]);
  });
});

describe("replayHref", () => {
  it("leads to a replay of exactly the same deliveries", () => {
    expect(replayHref(all({ status: ["failed"], to, webhook_id: ["wh_1", "wh_2"] }), from)).toBe(
      "/app/replays/new?kind=failed&from=2026-02-01T00%3A00%3A00.000Z&to=2026-03-01T12%3A00%3A00.000Z&webhook_ids=wh_1%2Cwh_2",
    );
  });

  it("is not offered where a replay would send others", () => {
    for (const filter of [
      { to },
      { status: ["failed" as const] },
      { status: ["failed" as const, "pending" as const], to },
      { status: ["failed" as const], to, http: ["5xx" as const] },
      { status: ["failed" as const], to, event_type: ["instance.started"] },
    ]) {
      expect(replayHref(all(filter), from)).toBeNull();
    }
    expect(replayHref({ ...NOTHING_SELECTED, ids: new Set(["a"]) }, from)).toBeNull();
  });
});
