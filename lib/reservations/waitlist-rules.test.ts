import { describe, expect, it } from "vitest";
import type { Offer } from "@/lib/contracts/availability";
import { type WaitlistCriteria, waitlistCriteriaSchema } from "@/lib/contracts/waitlist";
import type { PoolState } from "@/lib/reservations/pool-state";
import { chooseOffer, concerns, latestStart, lookAfter, whyNever } from "@/lib/reservations/waitlist-rules";
import { statusBy } from "@/lib/reservations/waitlist-view";

const criteria = (data: Record<string, unknown> = {}): WaitlistCriteria =>
  waitlistCriteriaSchema.parse({ gpu_count: 8, duration_minutes: 60, ...data });

const pool = (sellable: number, rules: Partial<PoolState["rules"]> = {}) =>
  ({ sellable, rules: { open: true, largest_node: 8, max_duration_minutes: 600, ...rules } }) as PoolState;

describe("whether a request can ever be met", () => {
  it("needs an open pool that is large enough and may be booked for so long", () => {
    expect(whyNever([pool(8)], criteria())).toBeNull();
    expect(whyNever([pool(7), pool(8)], criteria())).toBeNull();
    expect(whyNever([], criteria())?.field).toBe("pool_ids");
    expect(whyNever([pool(8, { open: false })], criteria())?.field).toBe("pool_ids");
    expect(whyNever([pool(7)], criteria())).toMatchObject({
      field: "gpu_count",
      message: expect.stringContaining("7"),
    });
    expect(whyNever([pool(16)], criteria({ gpu_count: 9, topology: "single_node" }))?.field).toBe("gpu_count");
    expect(whyNever([pool(16)], criteria({ gpu_count: 9, topology: "prefer_single_node" }))).toBeNull();
    expect(
      whyNever([pool(8), pool(7, { max_duration_minutes: 9000 })], criteria({ duration_minutes: 601 })),
    ).toMatchObject({
      field: "duration_minutes",
      message: expect.stringContaining("600"),
    });
  });

  it("ends with the last start that can be finished in time", () => {
    expect(latestStart(criteria())).toBeNull();
    expect(latestStart(criteria({ finish_by: "2027-01-01T01:00:00Z" }))).toBe(Date.parse("2027-01-01T00:00:00Z"));
  });
});

it("concerns the pools that were named, or those of the type, or all", () => {
  const place = { id: "pool_1", gpuTypeId: "gpu_1", gpuTypeName: "H100" };
  expect(concerns(criteria(), place)).toBe(true);
  expect(concerns(criteria({ pool_ids: ["pool_2"] }), place)).toBe(false);
  expect(concerns(criteria({ pool_ids: ["pool_2", "pool_1"] }), place)).toBe(true);
  expect(concerns(criteria({ gpu_type: "h100" }), place)).toBe(true);
  expect(concerns(criteria({ gpu_type: "gpu_1" }), place)).toBe(true);
  expect(concerns(criteria({ gpu_type: "A100" }), place)).toBe(false);
});

describe("what to offer", () => {
  const offer = (starts_at: string, kinds: Offer["kinds"] = ["earliest"], pool_id = "pool_1") =>
    ({ pool_id, starts_at, kinds }) as Offer;

  it("is the first as asked, not a longer one, not what was declined", () => {
    const nine = offer("2027-01-01T09:00:00.000Z");
    const ten = offer("2027-01-01T10:00:00.000Z", ["cheapest", "longest"]);
    const long = offer("2027-01-01T08:00:00.000Z", ["longest"]);
    expect(chooseOffer([long, nine, ten], [])).toBe(nine);
    const declined = [{ pool_id: "pool_1", starts_at: "2027-01-01T09:00:00Z" }];
    expect(chooseOffer([nine, ten], declined)).toBe(ten);
    const elsewhere = offer("2027-01-01T09:00:00.000Z", ["earliest"], "pool_2");
    expect(chooseOffer([nine, elsewhere], declined), "the same time in another pool").toBe(elsewhere);
    expect(chooseOffer([long, nine], declined)).toBeUndefined();
    expect(lookAfter(declined)).toBe(Date.parse("2027-01-01T09:01:00Z"));
  });
});

describe("where an entry stands by its reservation", () => {
  const now = new Date("2027-01-01T00:00:00Z");
  const held = (until: string) => ({ status: "held", holdExpiresAt: new Date(until) });
  it.each([
    ["offered", 1, held("2027-01-01T00:00:01Z"), "offered"],
    ["offered", 1, held("2027-01-01T00:00:00Z"), "waiting"],
    ["offered", 3, held("2027-01-01T00:00:00Z"), "expired"],
    ["offered", 1, { status: "cancelled", holdExpiresAt: null }, "waiting"],
    ["offered", 1, undefined, "waiting"],
    ["offered", 3, { status: "expired", holdExpiresAt: null }, "expired"],
    ["offered", 3, { status: "confirmed", holdExpiresAt: null }, "accepted"],
    ["offered", 1, { status: "completed", holdExpiresAt: null }, "accepted"],
    ["accepted", 1, { status: "cancelled", holdExpiresAt: null }, "accepted"],
    ["waiting", 2, undefined, "waiting"],
  ])("%s after %i offers: %j is %s", (status, offers, reservation, expected) => {
    expect(statusBy({ status, offers }, reservation, now)).toBe(expected);
  });
});
