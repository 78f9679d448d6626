import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  advance,
  type Condition,
  HEALTH_THRESHOLDS,
  type Observation,
  probeIntervalMs,
  RETRY_AFTER_CAP_MS,
  retryAfterMs,
} from "@/lib/webhooks/health-policy";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const start = new Date("2026-11-22T00:00:00Z");
const at = (ms: number) => new Date(start.getTime() + ms);
const HEALTHY: Condition = { health: "healthy", healthSince: start, failingSince: null, consecutiveFailures: 0 };
const failures = (count: number, firstFailureAt = start): Observation => ({
  succeeded: false,
  failures: count,
  firstFailureAt,
  gone: false,
});
const SUCCESS: Observation = { succeeded: true, failures: 0, firstFailureAt: null, gone: false };

describe("advance", () => {
  it("warns after ten failures in a row, or after three in an hour", () => {
    expect(advance(HEALTHY, failures(9), at(MINUTE)).transition).toBeNull();
    expect(advance(HEALTHY, failures(10), at(MINUTE)).transition).toBe("warning");
    expect(advance(HEALTHY, failures(2), at(2 * HOUR)).transition).toBeNull();
    expect(advance(HEALTHY, failures(3), at(HOUR)).transition).toBe("warning");
  });

  it("goes from warning to probing after fifty failures over at least ten minutes", () => {
    const warned = advance(HEALTHY, failures(10), at(MINUTE)).condition;
    expect(advance(warned, failures(100), at(9 * MINUTE)).transition).toBeNull();
    expect(advance(warned, failures(39), at(11 * MINUTE)).transition).toBeNull();
    const { condition, transition } = advance(warned, failures(40), at(11 * MINUTE));
    expect(transition).toBe("probing");
    expect(condition).toMatchObject({ health: "probing", healthSince: at(11 * MINUTE), failingSince: start });
  });

  it("gives up after five days of failing, whatever the stage", () => {
    const probing: Condition = { ...HEALTHY, health: "probing", failingSince: start, consecutiveFailures: 60 };
    expect(advance(probing, failures(1), at(5 * DAY - 1)).transition).toBeNull();
    expect(advance(probing, failures(1), at(5 * DAY)).transition).toBe("failing");
    expect(
      advance({ ...probing, health: "warning", consecutiveFailures: 12 }, failures(1), at(5 * DAY)).transition,
    ).toBe("failing");
  });

  it("recovers by one success, and says so only where there was something to recover from", () => {
    const probing: Condition = { ...HEALTHY, health: "probing", failingSince: start, consecutiveFailures: 60 };
    const { condition, transition } = advance(probing, SUCCESS, at(HOUR));
    expect(transition).toBe("recovered");
    expect(condition).toEqual({ health: "healthy", healthSince: at(HOUR), failingSince: null, consecutiveFailures: 0 });
    expect(
      advance({ ...HEALTHY, failingSince: start, consecutiveFailures: 4 }, SUCCESS, at(HOUR)).transition,
    ).toBeNull();
  });

  it("begins a new series with the failures after a success", () => {
    const failing: Condition = { ...HEALTHY, failingSince: start, consecutiveFailures: 9 };
    const { condition } = advance(failing, { ...failures(2, at(HOUR)), succeeded: true }, at(HOUR));
    expect(condition).toMatchObject({ failingSince: at(HOUR), consecutiveFailures: 2, health: "healthy" });
  });

  it("takes 410 at its word", () => {
    expect(advance(HEALTHY, { ...failures(1), gone: true }, at(1)).transition).toBe("gone");
  });

  const observation = fc.record({
    succeeded: fc.boolean(),
    failures: fc.integer({ min: 0, max: 80 }),
    waitMs: fc.integer({ min: 1, max: 2 * DAY }),
  });

  it("never skips a stage on the way down, and only a success leads up", () => {
    const rank = { healthy: 0, warning: 1, probing: 2 };
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 40 }), (steps) => {
        let now = start.getTime();
        let condition = HEALTHY;
        for (const step of steps) {
          now += step.waitMs;
          const seen = { ...step, firstFailureAt: step.failures > 0 ? new Date(now) : null, gone: false };
          const next = advance(condition, seen, new Date(now));
          const change = rank[next.condition.health] - (step.succeeded ? 0 : rank[condition.health]);
          expect(change === 0 || change === 1).toBe(true);
          expect(next.condition.consecutiveFailures === 0).toBe(next.condition.failingSince === null);
          expect(next.transition === "recovered").toBe(step.succeeded && condition.health !== "healthy");
          if (next.transition === "failing") {
            const failingMs = now - (next.condition.failingSince?.getTime() ?? now);
            expect(failingMs).toBeGreaterThanOrEqual(HEALTH_THRESHOLDS.disabled.forMs);
          }
          condition = next.condition;
        }
      }),
    );
  });
});

describe("probeIntervalMs", () => {
  it("begins with half a minute and grows to a quarter of an hour", () => {
    expect(probeIntervalMs(start, at(0))).toBe(30_000);
    expect(probeIntervalMs(start, at(8 * MINUTE))).toBe(2 * MINUTE);
    expect(probeIntervalMs(start, at(DAY))).toBe(15 * MINUTE);
  });
});

describe("retryAfterMs", () => {
  it.each([
    ["120", 120_000],
    ["0", 0],
    [" 5 ", 5_000],
    ["Sun, 22 Nov 2026 00:01:30 GMT", 90_000],
    ["Sat, 21 Nov 2026 00:00:00 GMT", 0],
    ["31536000", RETRY_AFTER_CAP_MS],
    ["99999999999999999999", RETRY_AFTER_CAP_MS],
    ["Mon, 22 Nov 2027 00:00:00 GMT", RETRY_AFTER_CAP_MS],
    ["-5", null],
    ["1.5", null],
    ["soon", null],
    ["2026-11-22", null],
    ["Sun, 99 Nov 2026 00:00:00 GMT", null],
    ["", null],
  ])("reads %j as %s ms", (header, ms) => expect(retryAfterMs(header, start)).toBe(ms));

  it("says nothing where there is no header", () => expect(retryAfterMs(undefined, start)).toBeNull());

  it("never asks for a negative or an endless wait, whatever it is given", () => {
    fc.assert(
      fc.property(fc.string(), (header) => {
        const ms = retryAfterMs(header, start);
        expect(ms === null || (ms >= 0 && ms <= RETRY_AFTER_CAP_MS)).toBe(true);
      }),
    );
  });
});
