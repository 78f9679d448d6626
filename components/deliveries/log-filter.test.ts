import { describe, expect, it } from "vitest";
import { matchesFilter } from "@/store/delivery-mirror";
import { deliveryOf } from "@/store/testing";
import { filterChips, type LogFilter, NO_FILTER, toDeliveryFilter, withoutChip } from "./log-filter";
import { parseLogQuery, toLogQuery } from "./log-params";
import { chosenOptions, MORE_OPTIONS, partOf } from "./more-filters";

const NOW = Date.UTC(2026, 0, 1, 12);
const words = { webhookName: (id: string) => `name of ${id}`, now: NOW, offsetAt: () => 0 };
const FULL: LogFilter = {
  webhook_id: ["wh_1"],
  event_type: ["instance.started"],
  status: ["pending", "failed"],
  http: ["none", "5xx"],
  error_code: [],
  min_attempts: 2,
  trigger: ["manual"],
  replay_id: "rpl_1",
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
      webhook_id: ["wh_1"],
      event_type: ["instance.started"],
      status: ["pending", "failed"],
      http: ["none", "5xx"],
      min_attempts: 2,
      trigger: ["manual"],
      replay_id: "rpl_1",
      from: "2025-12-31T12:00:00.000Z",
      q: "dlv_0",
    });
  });

  it("counts a live delivery only when every clause of the URL holds for it", () => {
    const delivery = deliveryOf(1, { attempt_count: 2, trigger: "manual", replay_id: "rpl_1" });
    expect(matchesFilter(delivery, toDeliveryFilter(FULL, NOW))).toBe(true);
    const others: Partial<LogFilter>[] = [
      { webhook_id: ["wh_2"] },
      { event_type: ["instance.stopped", "instance.failed"] },
      { status: ["delivered"] },
      { http: ["2xx"] },
      { error_code: ["timeout"] },
      { min_attempts: 3 },
      { trigger: ["auto", "test"] },
      { replay_id: "rpl_2" },
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

describe("the query of the address", () => {
  it("says the whole filter and gives it back", () => {
    const filter = { ...FULL, q: "dlv_0", error_code: ["timeout"], webhook_id: ["wh_1", "wh_2"] };
    expect(parseLogQuery(toLogQuery(filter))).toEqual(filter);
    expect(parseLogQuery("")).toEqual(NO_FILTER);
    expect(toLogQuery(NO_FILTER)).toBe("");
  });

  it("leaves out what it does not understand", () => {
    expect(parseLogQuery("status=gone,failed&http=200&range=soon&from=then&min_attempts=x&other=1")).toEqual({
      ...NO_FILTER,
      status: ["failed"],
    });
  });
});

describe("more filters", () => {
  it("go from options to clauses and back", () => {
    const { http, error_code, min_attempts, trigger } = FULL;
    expect(partOf(chosenOptions(FULL))).toEqual({ http: ["5xx", "none"], error_code, min_attempts, trigger });
    expect(new Set(http)).toEqual(new Set(["5xx", "none"]));
    for (const { value } of MORE_OPTIONS) expect(chosenOptions(partOf([value]))).toEqual([value]);
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
      "HTTP code is any of no answer, 5xx",
      "Attempts more than 1",
      "Cause is manual retry",
      "Replay is rpl_1",
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
      expect(left).toHaveLength(8);
    }
  });
});
