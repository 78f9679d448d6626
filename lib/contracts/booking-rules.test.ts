import { describe, expect, it } from "vitest";
import { type BookingPool, checkBooking, minutesInWords } from "@/lib/contracts/booking-rules";

const NOW = new Date("2026-11-01T10:20:00Z");

const pool: BookingPool = {
  granularity_minutes: 30,
  min_duration_minutes: 60,
  max_duration_minutes: 14 * 1440,
  horizon_days: 90,
  buffer_before_minutes: 0,
  buffer_after_minutes: 0,
  price_micros_per_gpu_hour: 2_000_000,
  open: true,
  largest_node: 8,
};

const segment = (starts_at: string, ends_at: string, gpu_count = 1) => ({ starts_at, ends_at, gpu_count });
const fine = segment("2026-11-01T10:30:00Z", "2026-11-01T12:00:00Z", 8);

describe("whether a booking keeps the pool's rules", () => {
  it.each([
    ["as it should be", [fine]],
    ["as long as may be", [segment("2026-11-02T00:00:00Z", "2026-11-16T00:00:00Z")]],
    ["to the very horizon", [segment("2027-01-30T08:00:00Z", "2027-01-30T10:00:00Z")]],
    ["from an offset that is no whole hour", [segment("2026-11-02T05:30:00+05:30", "2026-11-02T08:00:00+05:30")]],
    ["in parts that touch", [fine, segment("2026-11-01T12:00:00Z", "2026-11-01T14:00:00Z", 4)]],
  ])("nothing is wrong: %s", (_name, segments) => {
    expect(checkBooking(pool, segments, NOW)).toEqual([]);
  });

  it("lets a booking for the slot that has just begun through, for a minute", () => {
    const at = (time: string) => checkBooking(pool, [fine], new Date(`2026-11-01T${time}Z`)).map(({ field }) => field);
    expect(at("10:31:00")).toEqual([]);
    expect(at("10:31:01")).toEqual(["starts_at"]);
  });

  it("takes a booking from now on at any time where bookings begin at any minute", () => {
    const minutes = { ...pool, granularity_minutes: 1, min_duration_minutes: 5 };
    for (const seconds of ["00.000", "00.001", "30.000", "59.999"]) {
      const now = new Date(`2026-11-01T10:31:${seconds}Z`);
      expect(checkBooking(minutes, [segment("2026-11-01T10:31:00Z", "2026-11-01T10:36:00Z")], now)).toEqual([]);
    }
  });

  it.each([
    ["ends before it starts", segment("2026-11-02T12:00:00Z", "2026-11-02T11:00:00Z"), "ends_at", "Give a later end"],
    ["ends as it starts", segment("2026-11-02T12:00:00Z", "2026-11-02T12:00:00Z"), "ends_at", "Give a later end"],
    [
      "starts off the grid",
      segment("2026-11-02T12:10:00Z", "2026-11-02T14:00:00Z"),
      "starts_at",
      "2026-11-02T12:00Z and 2026-11-02T12:30Z",
    ],
    [
      "ends off the grid",
      segment("2026-11-02T12:00:00Z", "2026-11-02T14:00:01Z"),
      "ends_at",
      "2026-11-02T14:00Z and 2026-11-02T14:30Z",
    ],
    [
      "starts in the past",
      segment("2026-11-01T10:00:00Z", "2026-11-01T12:00:00Z"),
      "starts_at",
      "next start that this pool takes is 2026-11-01T10:30Z",
    ],
    [
      "ends beyond the horizon",
      segment("2027-01-30T08:00:00Z", "2027-01-30T10:30:00Z"),
      "ends_at",
      "latest end is 2027-01-30T10:00Z",
    ],
    [
      "is too short",
      segment("2026-11-02T12:00:00Z", "2026-11-02T12:30:00Z"),
      "ends_at",
      "1 hour: end at 2026-11-02T13:00Z or later",
    ],
    [
      "is too long",
      segment("2026-11-02T00:00:00Z", "2026-11-16T00:30:00Z"),
      "ends_at",
      "14 days: end at 2026-11-16T00:00Z or earlier",
    ],
    ["has no GPUs", { ...fine, gpu_count: 0 }, "gpu_count", "Book at least 1"],
    ["has half a GPU", { ...fine, gpu_count: 0.5 }, "gpu_count", "Book at least 1"],
    ["has absurdly many", { ...fine, gpu_count: 1e9 }, "gpu_count", "at most 1024"],
    ["has no time", segment("soon", "2026-11-02T00:30:00Z"), "starts_at", "Give a time such as"],
  ])("%s", (_name, wrong, field, mend) => {
    const errors = checkBooking(pool, [wrong], NOW);
    expect(errors).toHaveLength(1);
    expect(errors[0]?.field).toBe(field);
    expect(errors[0]?.message).toContain(mend);
  });

  it("refuses more on one node than any node has", () => {
    const many = [{ ...fine, gpu_count: 9 }];
    expect(checkBooking(pool, many, NOW)).toEqual([]);
    const [error] = checkBooking(pool, many, NOW, { topology: "single_node" });
    expect(error).toMatchObject({ field: "gpu_count", message: expect.stringContaining("8 GPUs") });
  });

  it("refuses what costs more than can be counted", () => {
    const dear = { ...pool, price_micros_per_gpu_hour: Number.MAX_SAFE_INTEGER };
    expect(checkBooking(dear, [fine], NOW)).toMatchObject([{ field: "gpu_count" }]);
  });

  it("says that a closed pool is closed, and that something is missing", () => {
    expect(checkBooking({ ...pool, open: false }, [fine], NOW)).toMatchObject([{ field: "pool_id" }]);
    expect(checkBooking(pool, [], NOW)).toMatchObject([{ field: "segments" }]);
  });

  it("keeps the start of what has begun, wherever it lies, and still wants an end to come", () => {
    const begun = segment("2026-11-01T07:13:00Z", "2026-11-01T12:00:00Z");
    expect(checkBooking(pool, [begun], NOW, { startFixed: true })).toEqual([]);
    const over = segment("2026-11-01T07:13:00Z", "2026-11-01T10:00:00Z");
    expect(checkBooking(pool, [over], NOW, { startFixed: true })).toMatchObject([{ field: "ends_at" }]);
  });

  it("names the segment, and those that overlap or are out of order", () => {
    const errors = checkBooking(pool, [fine, segment("2026-11-01T11:30:00Z", "2026-11-01T14:10:00Z", 0)], NOW);
    expect(errors.map(({ field }) => field).toSorted()).toEqual([
      "segments[1].ends_at",
      "segments[1].gpu_count",
      "segments[1].starts_at",
    ]);
    const many = Array.from({ length: 21 }, (_, i) =>
      segment(
        new Date(NOW.getTime() + (i * 60 + 10) * 60_000).toISOString(),
        new Date(NOW.getTime() + (i * 60 + 70) * 60_000).toISOString(),
      ),
    );
    expect(checkBooking(pool, many, NOW)).toMatchObject([{ field: "segments" }]);
  });

  it("reports everything at once", () => {
    const errors = checkBooking(pool, [segment("2026-10-01T10:05:00Z", "2026-10-01T10:07:00Z", 0)], NOW);
    expect(new Set(errors.map(({ field }) => field))).toEqual(new Set(["starts_at", "ends_at", "gpu_count"]));
  });
});

it.each([
  [5, "5 minutes"],
  [60, "1 hour"],
  [90, "90 minutes"],
  [4320, "72 hours"],
  [20_160, "14 days"],
])("says %i minutes as %s", (minutes, words) => {
  expect(minutesInWords(minutes)).toBe(words);
});
