import { describe, expect, it } from "vitest";
import { matchesFilter } from "@/store/delivery-mirror";
import { deliveryOf } from "@/store/testing";
import { filterChips, type LogFilter, NO_FILTER, toDeliveryFilter, withoutChip } from "./log-filter";

const NOW = Date.UTC(2026, 0, 1, 12);
const words = { webhookName: (id: string) => `name of ${id}`, now: NOW, offsetAt: () => 0 };
const FULL: LogFilter = {
  webhook_id: "wh_1",
  event_type: "instance.started",
  status: ["pending", "failed"],
  q: " dlv_0 ",
  range: "24h",
  from: null,
  to: null,
};

describe("toDeliveryFilter", () => {
  it("is empty without any clause", () => {
    expect(toDeliveryFilter(NO_FILTER, NOW)).toEqual({});
    expect(toDeliveryFilter({ ...NO_FILTER, q: "  " }, NOW)).toEqual({});
  });

  it("says every clause as the API takes it", () => {
    expect(toDeliveryFilter(FULL, NOW)).toEqual({
      webhook_id: "wh_1",
      event_type: "instance.started",
      status: ["pending", "failed"],
      from: "2025-12-31T12:00:00.000Z",
      q: "dlv_0",
    });
  });

  it("counts a live delivery only when every clause of the URL holds for it", () => {
    const delivery = deliveryOf(1);
    expect(matchesFilter(delivery, toDeliveryFilter(FULL, NOW))).toBe(true);
    const others: Partial<LogFilter>[] = [
      { webhook_id: "wh_2" },
      { event_type: "instance.stopped" },
      { status: ["delivered"] },
      { q: "evt_9" },
      { range: "5m" },
      { range: null, from: "2026-01-01T00:00:02.000Z" },
      { range: null, to: "2026-01-01T00:00:01.000Z" },
    ];
    for (const other of others) {
      expect(matchesFilter(delivery, toDeliveryFilter({ ...FULL, ...other }, NOW)), JSON.stringify(other)).toBe(false);
    }
  });
});

describe("filterChips", () => {
  it("shows field, operator and value of each active clause, and nothing else", () => {
    expect(filterChips(NO_FILTER, words)).toEqual([]);
    expect(filterChips(FULL, words).map(({ field, operator, value }) => `${field} ${operator} ${value}`)).toEqual([
      "Id begins with dlv_0",
      "Webhook is name of wh_1",
      "Event type is instance.started",
      "Status is any of Pending, Failed",
      "Created in the last 24 hours",
    ]);
  });

  it("says a single status and absolute times without the plural", () => {
    const filter = { ...NO_FILTER, status: ["failed"] as const, from: "2026-01-01T08:00:00.000Z" };
    expect(filterChips(filter, words).map(({ operator, value }) => `${operator} ${value}`)).toEqual([
      "is Failed",
      "is since 1 Jan 08:00:00",
    ]);
  });

  it("is gone after what it clears is cleared", () => {
    for (const { key } of filterChips(FULL, words)) {
      const left = filterChips({ ...FULL, ...withoutChip(key) }, words).map((chip) => chip.key);
      expect(left).not.toContain(key);
      expect(left).toHaveLength(4);
    }
  });
});
