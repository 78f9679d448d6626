import { expect, test } from "vitest";
import { type Asked, differencesOf, priceDifference } from "./offer-words";
import { offerOf, segmentOf } from "./testing";

const ASKED: Asked = {
  gpuCount: 8,
  startsAt: Date.parse("2026-12-01T09:00:00Z"),
  lengthMs: 24 * 3_600_000,
  topology: "any",
  poolId: "pol_1",
  gpuType: "H100",
};

test("an offer says in words how it differs from what was asked", () => {
  expect(differencesOf(offerOf(), ASKED, "UTC")).toEqual([]);
  const later = offerOf({ segments: [segmentOf("2026-12-01T12:00:00.000Z", "2026-12-02T12:00:00.000Z")] });
  expect(differencesOf(later, ASKED, "UTC")).toEqual(["starts 3 h later"]);
  const shorter = offerOf({ segments: [segmentOf("2026-11-30T09:00:00.000Z", "2026-11-30T21:00:00.000Z", 6)] });
  expect(differencesOf(shorter, ASKED, "UTC")).toEqual([
    "6 instead of 8 GPUs",
    "starts 24 h earlier",
    "12 h instead of 24 h",
  ]);
  const elsewhere = offerOf({ pool_id: "pol_2", pool_name: "Oslo", gpu_type: "H200" });
  expect(differencesOf(elsewhere, ASKED, "UTC")).toEqual(["H200 instead of H100", "in Oslo"]);
  expect(differencesOf(offerOf(), { ...ASKED, topology: "single_node" }, "UTC")).toEqual(["on several machines"]);
});

test("an offer in parts tells each, with the pauses between", () => {
  const split = offerOf({
    segments: [
      segmentOf("2026-12-01T09:00:00.000Z", "2026-12-01T15:00:00.000Z"),
      segmentOf("2026-12-01T15:00:00.000Z", "2026-12-01T18:00:00.000Z", 4),
      segmentOf("2026-12-01T20:00:00.000Z", "2026-12-02T09:00:00.000Z"),
    ],
  });
  expect(differencesOf(split, ASKED, "UTC")).toEqual([
    "in 3 parts: 8 GPUs until Tue 1 Dec 2026, 15:00, then 4 GPUs until Tue 1 Dec 2026, 18:00, a pause until Tue 1 Dec 2026, 20:00, then 8 GPUs",
  ]);
});

test("what comes near a search says where it does not keep to it", () => {
  const { startsAt: _startsAt, ...anyTime } = ASKED;
  const offer = offerOf();
  const [from, to] = [Date.parse(offer.starts_at), Date.parse(offer.ends_at)];
  expect(differencesOf(offer, { ...anyTime, notBefore: from, finishBy: to }, "UTC")).toEqual([]);
  expect(differencesOf(offer, { ...anyTime, notBefore: from + 3_600_000 }, "UTC")).toEqual(["starts 1 h too early"]);
  expect(differencesOf(offer, { ...anyTime, finishBy: to - 7_200_000 }, "UTC")).toEqual(["ends 2 h too late"]);
});

test("its price is compared with the one that was shown", () => {
  const offer = offerOf();
  const { total_micros } = offer.price;
  expect(priceDifference(offer, ASKED)).toBeNull();
  expect(priceDifference(offer, { ...ASKED, totalMicros: total_micros })).toBe("the same price");
  expect(priceDifference(offer, { ...ASKED, totalMicros: total_micros - 1_500_000 })).toBe("1.50 more");
  expect(priceDifference(offer, { ...ASKED, totalMicros: total_micros + 12_000_000 })).toBe("12.00 less");
});
