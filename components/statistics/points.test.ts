import { describe, expect, it } from "vitest";
import type { Traffic } from "@/lib/contracts/statistics";
import { changeWords, pointWords, READOUTS } from "./points";

const traffic: Traffic = {
  delivered: 90,
  failed: 2,
  attempts_ok: 90,
  attempts_failed: 10,
  success_rate: 0.9,
  latency_ms: { p50: 20, p95: 1500, p99: 4000 },
  queue_wait_ms: { p50: 0.6, p95: 12 },
};
const nothing = {
  ...traffic,
  attempts_ok: 0,
  attempts_failed: 0,
  success_rate: null,
  latency_ms: null,
  queue_wait_ms: null,
};

describe("what a chart says", () => {
  it("of a stretch of time", () => {
    expect(Object.values(READOUTS).map((words) => words(traffic))).toEqual([
      "90%, 90 of 100 attempts",
      "90 succeeded, 10 failed",
      "p50 20 ms, p95 1.5 s, p99 4 s",
      "p50 <1 ms, p95 12 ms",
    ]);
  });

  it("of a stretch without attempts", () => {
    expect(READOUTS.success(nothing)).toBe("no attempts");
    expect(READOUTS.volume(nothing)).toBe("0 succeeded, 0 failed");
    expect(READOUTS.latency(nothing)).toBe("no attempts");
  });

  it("of a bucket that is not over", () => {
    const start = Date.parse("2026-11-22T10:00:00Z");
    const point = { start, ok: 1, bad: 0, success: 1, p50: 1, p95: 1, p99: 1, wait50: 1, wait95: 1 };
    expect(pointWords(point, 900_000, start + 1000, () => 0)).toBe("22 Nov, 10:00–10:15 (so far)");
    expect(pointWords(point, 900_000, start + 900_000, () => 0)).toBe("22 Nov, 10:00–10:15");
  });
});

describe("change against the stretch before", () => {
  it.each([
    [0.99, 0.95, "share", "+4 points"],
    [0.95, 0.9543, "share", "−0.4 points"],
    [112, 100, "ratio", "+12%"],
    [50, 100, "ratio", "−50%"],
    [100, 100, "ratio", "the same"],
    [5, 0, "ratio", null],
    [null, 1, "share", null],
    [1, undefined, "share", null],
  ] as const)("%s after %s (%s)", (now, before, unit, words) => {
    expect(changeWords(now, before, unit)).toBe(words);
  });
});
