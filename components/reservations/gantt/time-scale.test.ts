import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { startOfDay } from "@/lib/contracts/zones";
import {
  clampSpan,
  ganttRange,
  nextZoom,
  SPAN_LIMITS,
  scaleOf,
  scrollFor,
  snap,
  timeAt,
  widthOf,
  xOf,
  ZOOMS,
  zoomOf,
} from "./time-scale";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOON = Date.parse("2026-11-22T12:00:00Z");

describe("the scale", () => {
  it("keeps the time under the cursor, whatever the zoom was and becomes", () => {
    fc.assert(
      fc.property(
        fc.double({ min: SPAN_LIMITS.least, max: SPAN_LIMITS.most, noNaN: true }),
        fc.double({ min: SPAN_LIMITS.least, max: SPAN_LIMITS.most, noNaN: true }),
        fc.integer({ min: 300, max: 3000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (before, after, width, at, part) => {
          const range = ganttRange("Europe/Berlin", NOON);
          const old = scaleOf(range, before, width);
          const x = part * width;
          const time = timeAt(old, at * (widthOf(old) - width) + x);
          const next = scaleOf(range, after, width);
          const left = scrollFor(next, time, x);
          expect(timeAt(next, left + x)).toBeCloseTo(time, -1);
        },
      ),
    );
  });

  it("is the inverse of itself and as wide as the range", () => {
    const scale = scaleOf({ from: NOON, to: NOON + DAY }, 6 * HOUR, 600);
    expect(xOf(scale, NOON + 6 * HOUR)).toBe(600);
    expect(timeAt(scale, 300)).toBe(NOON + 3 * HOUR);
    expect(widthOf(scale)).toBe(2400);
  });

  it("spans whole days of the zone, with room on both sides of the widest zoom, within what the API hands out", () => {
    for (const zone of ["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"]) {
      for (const at of ["2026-03-29T10:00:00Z", "2026-10-25T10:00:00Z", "2026-07-01T00:00:00Z"]) {
        const { from, to } = ganttRange(zone, Date.parse(at));
        expect([startOfDay(zone, from), startOfDay(zone, to)]).toEqual([from, to]);
        expect(to - from).toBeLessThanOrEqual(100 * DAY);
        expect(to - from).toBeGreaterThan(SPAN_LIMITS.most * 1.4);
      }
    }
  });
});

describe("the zoom", () => {
  it("steps through the presets and stays at the ends", () => {
    const spans = ZOOMS.map(({ ms }) => ms);
    expect(spans.map((span) => nextZoom(span, 1))).toEqual([6 * HOUR, 6 * HOUR, DAY, 7 * DAY]);
    expect(spans.map((span) => nextZoom(span, -1))).toEqual([DAY, 7 * DAY, 30 * DAY, 30 * DAY]);
    expect(nextZoom(3 * DAY, 1)).toBe(DAY);
    expect(nextZoom(3 * DAY, -1)).toBe(7 * DAY);
  });

  it("knows whether it is a preset", () => {
    expect(ZOOMS.map(({ ms }) => zoomOf(ms))).toEqual(["6h", "1d", "1w", "1m"]);
    expect(zoomOf(2 * DAY)).toBeNull();
  });

  it("has limits", () => {
    expect(clampSpan(1)).toBe(SPAN_LIMITS.least);
    expect(clampSpan(1e15)).toBe(SPAN_LIMITS.most);
    expect(clampSpan(DAY)).toBe(DAY);
  });
});

it("snaps to the grid of a pool, which is counted in UTC", () => {
  expect(snap(Date.parse("2026-11-22T12:29:59Z"), HOUR)).toBe(NOON);
  expect(snap(Date.parse("2026-11-22T12:30:00Z"), HOUR)).toBe(NOON + HOUR);
});
