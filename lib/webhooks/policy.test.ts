import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  isAboutItself,
  isSuccess,
  laneOf,
  matchEvent,
  maxAttempts,
  numberInSchedule,
  retryDelayMs,
} from "@/lib/webhooks/policy";

describe("numberInSchedule", () => {
  const quick = { preset: "quick" } as const;

  it("begins the schedule anew behind the attempts that a replay found", () => {
    // Four were made before; four more make eight.
    expect([5, 6, 7, 8].map((attempt) => numberInSchedule(quick, attempt, 8))).toEqual([1, 2, 3, 4]);
  });

  it("leaves first deliveries as they are, also where the schedule was changed under way", () => {
    expect([1, 2, 3, 4].map((attempt) => numberInSchedule(quick, attempt, 4))).toEqual([1, 2, 3, 4]);
    expect([1, 2].map((attempt) => numberInSchedule(quick, attempt, 2))).toEqual([1, 2]);
    expect([1, 7, 10].map((attempt) => numberInSchedule(quick, attempt, 10))).toEqual([1, 1, 4]);
  });
});

describe("retryDelayMs", () => {
  it("waits 2, 4 and 8 seconds by default and then gives up", () => {
    const quick = { preset: "quick" } as const;
    expect([1, 2, 3, 4].map((attempt) => retryDelayMs(quick, attempt, 0.9))).toEqual([2000, 4000, 8000, null]);
    expect(maxAttempts(quick)).toBe(4);
  });

  it("spreads the standard schedule by a fifth either way", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const standard = { preset: "standard" } as const;
        const middle = retryDelayMs(standard, attempt, 0.5) ?? Number.NaN;
        const delay = retryDelayMs(standard, attempt, random) ?? Number.NaN;
        expect(delay).toBeGreaterThanOrEqual(Math.floor(middle * 0.8));
        expect(delay).toBeLessThanOrEqual(Math.ceil(middle * 1.2));
      }),
    );
  });

  it("follows a list of one's own to the letter", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 1000 }), { maxLength: 20 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (delays_s, random) => {
          const delays = delays_s.map((_, index) => retryDelayMs({ delays_s }, index + 1, random));
          expect(delays).toEqual(delays_s.map((seconds) => seconds * 1000));
          expect(retryDelayMs({ delays_s }, delays_s.length + 1, random)).toBeNull();
          expect(maxAttempts({ delays_s })).toBe(delays_s.length + 1);
        },
      ),
    );
  });
});

describe("isSuccess", () => {
  it("is 2xx and nothing else", () => {
    for (let status = 100; status <= 599; status += 1) expect(isSuccess(status)).toBe(status >= 200 && status < 300);
  });
});

describe("matchEvent", () => {
  const event = {
    type: "instance.started",
    labels: { team: "ml", tier: "gold" },
    application: "train",
    environment: null,
    body: { type: "instance.started", data: { gpu_count: 4 } },
  };
  const all = { eventTypes: ["*"], enabled: true, filter: null };

  it.each([
    [{ ...all }, "match"],
    [{ ...all, eventTypes: ["instance.*"] }, "match"],
    [{ ...all, eventTypes: ["instance.started"] }, "match"],
    [{ ...all, eventTypes: ["instance.stopped", "snapshot.*"] }, "type"],
    [{ ...all, eventTypes: ["inst.*"] }, "type"],
    [{ ...all, enabled: false }, "disabled"],
    [{ ...all, enabled: false, eventTypes: ["snapshot.*"] }, "type"],
    [{ ...all, filter: { applications: ["train", "serve"] } }, "match"],
    [{ ...all, filter: { applications: ["serve"] } }, "application"],
    [{ ...all, filter: { environments: ["production"] } }, "environment"],
    [{ ...all, filter: { labels: { team: "ml" } } }, "match"],
    [{ ...all, filter: { labels: { team: "ml", tier: "silver" } } }, "labels"],
    [{ ...all, filter: { labels: { toString: "x" } } }, "labels"],
    [{ ...all, filter: { payload: { "data.gpu_count": { $lt: 8 } } } }, "match"],
    [{ ...all, filter: { payload: { "data.gpu_count": 8 } } }, "payload"],
    [{ ...all, filter: { labels: { team: "web" }, payload: { "data.gpu_count": 8 } } }, "labels"],
    [{ ...all, enabled: false, filter: { payload: { "data.gpu_count": 8 } } }, "payload"],
    [{ ...all, enabled: false, filter: { payload: { "data.gpu_count": 4 } } }, "disabled"],
  ])("of %j is %s", (subscription, verdict) => {
    expect(matchEvent(subscription, event)).toBe(verdict);
  });
});

describe("isAboutItself", () => {
  it.each([
    ["endpoint.disabled", "wh_1", true],
    ["delivery.exhausted", "wh_1", true],
    ["endpoint.disabled", "wh_2", false],
    ["webhook.test", "wh_1", false],
    ["custom.endpoint", "wh_1", false],
  ])("of %s about %s is %s", (type, webhook_id, expected) => {
    expect(isAboutItself({ type, data: { webhook_id } }, "wh_1")).toBe(expected);
  });
});

describe("laneOf", () => {
  const body = { data: { instance_id: "i-1", nested: { n: 7 }, list: [1] } };

  it.each([
    [null, ""],
    ["data.instance_id", "i-1"],
    ["data.nested.n", "7"],
    ["data.nested", ""],
    ["data.missing.deep", ""],
    ["data.constructor", ""],
  ])("at %j is %j", (path, lane) => {
    expect(laneOf(path, body)).toBe(lane);
  });
});
