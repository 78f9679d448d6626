import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PUT as policyRoute } from "@/app/api/v1/booking-policy/route";
import type { Administrator } from "@/lib/accounts/admin";
import { call, codeOf, createPerson } from "@/lib/accounts/testing";
import { type BookingPolicy, DEFAULT_BOOKING_POLICY } from "@/lib/contracts/booking-policy";
import { problemSchema } from "@/lib/contracts/problem";
import { db } from "@/lib/db/client";
import { readBookingPolicy, updatePolicy } from "@/lib/fleet/policy";

const admin: Administrator = { subject: { kind: "user", id: "usr_admin" } };
const policy: BookingPolicy = { ...DEFAULT_BOOKING_POLICY, hold_minutes: 20 };

describe("the booking policy", () => {
  let headers: Record<string, string>;
  beforeAll(async () => {
    headers = (await createPerson({ isAdmin: true })).headers;
  });
  beforeEach(async () => {
    await db.bookingPolicy.deleteMany();
  });

  const put = (body: unknown) => call(policyRoute, { method: "PUT", headers, body });

  it("is replaced as a whole and counts its versions", async () => {
    expect(await readBookingPolicy()).toEqual(DEFAULT_BOOKING_POLICY);
    expect(await updatePolicy(admin, { ...policy, version: 0 })).toMatchObject({
      hold_minutes: 20,
      version: 1,
      updated_by: "usr_admin",
    });
    expect(await readBookingPolicy()).toEqual(policy);
    const { status, body } = await put({ ...policy, quote_minutes: 30, version: 1 });
    expect([status, body]).toMatchObject([200, { version: 2, quote_minutes: 30, hold_minutes: 20 }]);
  });

  it("refuses a stale version and says which is current", async () => {
    await updatePolicy(admin, { ...policy, version: 0 });
    const refused = await put({ ...policy, version: 0 });
    expect(refused.status).toBe(409);
    expect(problemSchema.parse(refused.body)).toMatchObject({ code: "version_conflict", current_version: 1 });
    const early = await put({ ...policy, version: 7 });
    expect(problemSchema.parse(early.body)).toMatchObject({ code: "version_conflict", current_version: 1 });
  });

  it("lets exactly one of many changes at once through", async () => {
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => updatePolicy(admin, { ...policy, hold_minutes: i + 1, version: 0 })),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    for (const result of results) {
      if (result.status === "rejected") expect(result.reason).toMatchObject({ code: "version_conflict" });
    }
    expect(await db.bookingPolicy.findUnique({ where: { id: 1 } })).toMatchObject({ version: 1 });
  });

  it.each([
    [
      "a ladder that falls",
      {
        discount: {
          ...policy.discount,
          by_duration: [
            { from_hours: 5, bps: 1 },
            { from_hours: 5, bps: 2 },
          ],
        },
      },
      "discount.by_duration",
    ],
    [
      "more than everything off",
      { discount: { ...policy.discount, by_lead_time: [{ from_hours: 0, bps: 10_001 }] } },
      "discount.by_lead_time[0].bps",
    ],
    ["a floor above the cap", { discount: { ...policy.discount, floor_bps: 3000 } }, "discount.floor_bps"],
    ["no time to confirm", { hold_minutes: 0 }, "hold_minutes"],
    ["half a basis point", { plan: { ...policy.plan, rollover_bps: 0.5 } }, "plan.rollover_bps"],
    ["an amount that is less than nothing", { plan: { ...policy.plan, monthly_micros: -1 } }, "plan.monthly_micros"],
    ["a member nobody knows", { surprise: 1 }, "surprise"],
  ])("refuses %s and names the field", async (_what, change, field) => {
    const refused = await put({ ...policy, ...change, version: 0 });
    expect(codeOf(refused)).toBe("validation_failed");
    expect(problemSchema.parse(refused.body).errors.map((error) => error.field)).toContain(field);
    expect(await db.bookingPolicy.count()).toBe(0);
  });
});
