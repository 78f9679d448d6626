import { describe, expect, it } from "vitest";
import type { DeliveryDetail } from "@/lib/contracts/deliveries";
import { countUnlisted, matchesFilter, newerDetail, newlyGivenUp, olderCopies, toQuery } from "@/store/delivery-mirror";
import { deliveryOf } from "@/store/testing";

describe("olderCopies", () => {
  const pages = [{ data: [deliveryOf(4), deliveryOf(3)] }, { data: [deliveryOf(2, { revision: 5 }), deliveryOf(1)] }];

  it("finds held rows of a lower revision, on whatever page", () => {
    const newer = deliveryOf(1, { revision: 2, status: "delivered" });
    expect(olderCopies(pages, [newer])).toEqual([{ page: 1, row: 1, delivery: newer }]);
  });

  it("never goes back: an equal or lower revision changes nothing", () => {
    expect(olderCopies(pages, [deliveryOf(2, { revision: 5 }), deliveryOf(2, { revision: 4 })])).toEqual([]);
  });

  it("adds no row", () => {
    expect(olderCopies(pages, [deliveryOf(9, { revision: 7 })])).toEqual([]);
  });
});

describe("newlyGivenUp", () => {
  const failed = { status: "failed", attempt_count: 4, revision: 5 } as const;

  it("tells each time that a delivery was given up, once", () => {
    const first = deliveryOf(1, failed);
    expect(newlyGivenUp({}, [first, deliveryOf(2, { status: "delivered" })])).toEqual([first]);
    expect(newlyGivenUp({ [first.id]: deliveryOf(1, { status: "delivering" }) }, [first])).toEqual([first]);
    expect(newlyGivenUp({ [first.id]: first }, [{ ...first, revision: 6 }])).toEqual([]);
    const again = deliveryOf(1, { ...failed, attempt_count: 5, revision: 9 });
    expect(newlyGivenUp({ [first.id]: first }, [again])).toEqual([again]);
  });

  it("tells nothing of tests, of news about webhooks, and of what a request brought along", () => {
    const others = [{ trigger: "test" }, { event_type: "endpoint.warning" }, { of_request: true }] as const;
    expect(
      newlyGivenUp(
        {},
        others.map((other, index) => deliveryOf(index, { ...failed, ...other })),
      ),
    ).toEqual([]);
  });
});

describe("newerDetail", () => {
  const detail = (revision: number, attempts: number): DeliveryDetail => ({
    ...deliveryOf(1, { revision }),
    attempts: Array.from({ length: attempts }, (_, index) => ({
      number: index + 1,
      trigger: "auto",
      started_at: "2026-01-01T00:00:00Z",
      http_status: 500,
      error_code: null,
      error_message: null,
      latency_ms: 1,
      timings: {},
      remote_address: null,
      request: { headers: {}, body: "{}" },
      response: null,
    })),
    waiting: null,
    event: {
      id: "evt_1",
      type: "instance.started",
      correlation_id: "c",
      sequence: null,
      source: "api",
      body: "{}",
      occurred_at: "2026-01-01T00:00:00Z",
      created_at: "2026-01-01T00:00:00Z",
    },
    webhook: { id: "wh_1", description: "", enabled: true, deleted: false, source: "console" },
  });

  it("takes an answer of the same or a higher revision", () => {
    expect(newerDetail(detail(1, 0), detail(2, 1))).toEqual(detail(2, 1));
  });

  it("keeps the row of the newer copy and the attempts of the fuller one", () => {
    const kept = newerDetail(detail(3, 0), detail(2, 1));
    expect(kept.revision).toBe(3);
    expect(kept.attempts).toHaveLength(1);
  });
});

describe("matchesFilter", () => {
  const delivery = deliveryOf(10, {
    status: "failed",
    http_status: 503,
    attempt_count: 4,
    trigger: "replay",
    replay_id: "rpl_1",
  });

  it.each([
    ["no clause", {}, true],
    ["an empty status list", { status: [] }, true],
    ["its webhook", { webhook_id: ["wh_2", "wh_1"] }, true],
    ["another webhook", { webhook_id: ["wh_2"] }, false],
    ["its status among several", { status: ["pending" as const, "failed" as const] }, true],
    ["another status", { status: ["delivered" as const] }, false],
    ["another type", { event_type: ["instance.stopped"] }, false],
    ["the class of its answer", { http: ["none" as const, "5xx" as const] }, true],
    ["another class", { http: ["4xx" as const, "none" as const] }, false],
    ["an error that it does not have", { error_code: ["timeout"] }, false],
    ["as many attempts", { min_attempts: 4 }, true],
    ["more attempts", { min_attempts: 5 }, false],
    ["its cause", { trigger: ["replay" as const] }, true],
    ["another cause", { trigger: ["test" as const, "auto" as const] }, false],
    ["its replay", { replay_id: "rpl_1" }, true],
    ["another replay", { replay_id: "rpl_2" }, false],
    ["created exactly at the beginning", { from: delivery.created_at }, true],
    ["created exactly at the end", { to: delivery.created_at }, false],
    ["the beginning of its id", { q: "dlv_00001" }, true],
    ["the beginning of its event's id", { q: "evt_000010" }, true],
    ["another id", { q: "dlv_1" }, false],
  ])("%s", (_name, filter, expected) => {
    expect(matchesFilter(delivery, filter)).toBe(expected);
  });
});

describe("toQuery", () => {
  it("joins the values of a clause and leaves empty ones out", () => {
    expect(toQuery({ webhook_id: ["wh_1", "wh_2"], status: [], http: ["5xx"], min_attempts: 2, q: "x" })).toEqual({
      webhook_id: "wh_1,wh_2",
      http: "5xx",
      min_attempts: 2,
      q: "x",
    });
  });
});

describe("countUnlisted", () => {
  const rows = [deliveryOf(20), deliveryOf(19), deliveryOf(10)];

  it("counts what is above or between the rows, not the rows themselves", () => {
    const seen = [deliveryOf(21), deliveryOf(20), deliveryOf(15)];
    expect(countUnlisted({ seen, rows, filter: {}, hasMore: true })).toBe(2);
  });

  it("leaves out what scrolling will find, as long as there is more to load", () => {
    expect(countUnlisted({ seen: [deliveryOf(5)], rows, filter: {}, hasMore: true })).toBe(0);
    expect(countUnlisted({ seen: [deliveryOf(5)], rows, filter: {}, hasMore: false })).toBe(1);
  });

  it("leaves out what the filter hides", () => {
    const seen = [deliveryOf(21), deliveryOf(22, { status: "failed" })];
    expect(countUnlisted({ seen, rows, filter: { status: ["failed"] }, hasMore: true })).toBe(1);
  });
});
