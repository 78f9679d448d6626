import { describe, expect, it } from "vitest";
import type { DeliveryHistogram } from "@/lib/contracts/delivery-log";
import { bucketAt, countWords, layersOf, rangeOf, spanWords, ticksOf, totalsOf } from "./chart-model";

const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 12, minute)).toISOString();
const bucket = (minute: number, counts: Partial<Record<"delivered" | "failed" | "pending" | "cancelled", number>>) => ({
  at: at(minute),
  delivered: 0,
  failed: 0,
  pending: 0,
  cancelled: 0,
  ...counts,
});
const histogram: DeliveryHistogram = {
  from: at(2),
  to: at(18),
  bucket_s: 300,
  buckets: [
    bucket(0, { delivered: 1000, failed: 1 }),
    bucket(5, {}),
    bucket(10, { pending: 3 }),
    bucket(15, { failed: 2 }),
  ],
  total: 1006,
  complete: true,
};
const reading = { now: Date.parse(at(18)), offsetAt: () => 60 };

describe("layersOf", () => {
  it("shows one failure among a thousand, and stays within its height", () => {
    const layers = layersOf(bucket(0, { delivered: 1000, failed: 1 }), 1001, 40);
    expect(layers).toEqual([
      { series: "delivered", y: 2, height: 38 },
      { series: "failed", y: 0, height: 2 },
    ]);
  });

  it("stacks without gap or overlap, and draws nothing where nothing was", () => {
    expect(layersOf(bucket(0, {}), 10, 40)).toEqual([]);
    const layers = layersOf(bucket(0, { delivered: 4, cancelled: 2, pending: 2, failed: 2 }), 10, 40);
    expect(layers.map(({ series }) => series)).toEqual(["delivered", "cancelled", "pending", "failed"]);
    let ground = 40;
    for (const { y, height } of layers) {
      expect(y + height).toBe(ground);
      ground = y;
    }
    expect(ground).toBe(0);
  });
});

describe("a stretch of the chart", () => {
  it("is the same from either end, and begins where the counting began", () => {
    expect(rangeOf(histogram, 0, 1)).toEqual({ from: at(2), to: at(10) });
    expect(rangeOf(histogram, 2, 1)).toEqual({ from: at(5), to: at(15) });
    expect(rangeOf(histogram, 3, 3)).toEqual({ from: at(15), to: at(20) });
  });

  it("is found under the pointer, also beyond the edges", () => {
    expect([-1, 0, 0.26, 0.999, 1, 2].map((share) => bucketAt(share, 4))).toEqual([0, 0, 1, 3, 3, 3]);
  });

  it("is said in words in the chosen zone", () => {
    expect(spanWords(histogram, 1, 2, reading)).toBe("1 Mar 13:05:00 – 13:15:00");
    expect(countWords(histogram, 3, 0)).toBe("1,000 delivered, 3 pending, 3 failed");
    expect(countWords(histogram, 1, 1)).toBe("none");
  });

  it("adds up to the total", () => {
    const totals = totalsOf(histogram.buckets);
    expect(Object.values(totals).reduce((sum, count) => sum + count, 0)).toBe(histogram.total);
  });
});

describe("ticksOf", () => {
  const hours = (count: number): DeliveryHistogram => ({
    ...histogram,
    bucket_s: 7200,
    buckets: Array.from({ length: count }, (_, index) => ({
      ...bucket(0, {}),
      at: new Date(Date.UTC(2026, 2, 1, 4 + 2 * index)).toISOString(),
    })),
  });

  it("names round times of the chosen zone, as exactly as they are apart", () => {
    expect(ticksOf(histogram, 2, reading)).toEqual([
      { index: 0, label: "13:00" },
      { index: 2, label: "13:10" },
    ]);
    expect(ticksOf({ ...histogram, bucket_s: 1 }, 4, reading).map(({ label }) => label)).toContain("13:00:00");
  });

  it("names days where they begin in the zone, not where they begin in UTC", () => {
    expect(ticksOf(hours(48), 4, reading).map(({ label }) => label)).toEqual(["2 Mar", "3 Mar", "4 Mar"]);
    const [tick] = ticksOf(hours(48), 4, { ...reading, offsetAt: () => -300 });
    expect(tick).toEqual({ index: 1, label: "1 Mar" });
    expect(ticksOf(hours(48), 4, reading)[0]?.index).toBe(10);
  });
});
