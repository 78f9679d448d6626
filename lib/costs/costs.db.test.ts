import { beforeAll, expect, test } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { ALL_PERMISSIONS } from "@/lib/contracts/permissions";
import { getCosts } from "@/lib/costs/queries";
import { createThreshold, deleteThreshold, listThresholds } from "@/lib/costs/thresholds";
import { watchThresholds } from "@/lib/costs/watch";
import { db } from "@/lib/db/client";
import { createTestPool } from "@/lib/fleet/testing";
import { passTime } from "@/lib/reservations/life-cycle";
import { bookHours, cancel, createCustomer, hour } from "@/lib/reservations/testing";

/** T0 is a Monday and the first of a month, so that a day, a week and a month begin with it. */
let poolId: string;

beforeAll(async () => {
  poolId = (await createTestPool({ nodes: 4, lanes: 8 })).id;
});

async function customer(): Promise<Actor> {
  const actor = await createCustomer(1_000_000n, hour(-48));
  return { ...actor, permissions: new Set(ALL_PERMISSIONS) };
}

async function reported(actor: Actor) {
  const events = await db.event.findMany({
    where: { projectId: actor.projectId, type: "cost.threshold" },
    orderBy: { id: "asc" },
  });
  return events.map(({ body }) => (JSON.parse(body) as { data: Record<string, unknown> }).data);
}

test("costs are what the ledger booked and what runs, by reservation and by day, and sum up", async () => {
  const actor = await customer();
  const booked = await bookHours(actor, poolId, [2, 6], { gpu_count: 2, title: "Training" }, hour(-1));
  expect((await getCosts(actor, {}, hour(1))).cost_micros).toBe(0);
  await passTime({ now: hour(2) });
  const half = await getCosts(actor, {}, hour(4));
  expect(half).toMatchObject({
    from: hour(0).toISOString(),
    cost_micros: booked.price.total_micros / 2,
    rate_micros_per_hour: booked.price.total_micros / 4,
    others_micros: 0,
  });
  expect(half.reservations).toEqual([
    expect.objectContaining({ id: booked.id, title: "Training", status: "active", cost_micros: half.cost_micros }),
  ]);
  await passTime({ now: hour(4) });
  expect(await getCosts(actor, {}, hour(4))).toMatchObject({
    captured_micros: booked.price.total_micros / 2,
    running_micros: 0,
    cost_micros: half.cost_micros,
  });
  await passTime({ now: hour(6) });
  const whole = await getCosts(actor, {}, hour(7));
  expect(whole).toMatchObject({ cost_micros: booked.price.total_micros, rate_micros_per_hour: 0, running_micros: 0 });
  expect(whole.days).toEqual([{ day: "2027-03-01", cost_micros: booked.price.total_micros }]);
  const before = await getCosts(actor, { from: hour(-48).toISOString(), to: hour(0).toISOString() }, hour(7));
  expect([before.cost_micros, before.days.length]).toEqual([0, 2]);
});

test("what was given back costs only its fee", async () => {
  const actor = await customer();
  const { id } = await bookHours(actor, poolId, [2, 12], { gpu_count: 1 }, hour(0));
  const { settlement } = await cancel(actor, id, {}, hour(1));
  const costs = await getCosts(actor, { from: hour(0).toISOString(), to: hour(24).toISOString() }, hour(2));
  expect(settlement.fee_micros).toBeGreaterThan(0);
  expect(costs).toMatchObject({ fees_micros: settlement.fee_micros, cost_micros: settlement.fee_micros });
  expect(costs.reservations[0]).toMatchObject({ id, status: "cancelled", fees_micros: settlement.fee_micros });
});

test("a threshold is reported once per period, however often and by however many it is looked at", async () => {
  const actor = await customer();
  const booked = await bookHours(actor, poolId, [1, 9], { gpu_count: 2 }, hour(0));
  const half = booked.price.total_micros / 2;
  const threshold = await createThreshold(actor, { amount_micros: half, period: "day" }, hour(0));
  expect(threshold).toMatchObject({ cost_micros: 0, crossed_at: null, period_end: hour(24).toISOString() });
  await passTime({ now: hour(1) });
  await watchThresholds({ now: hour(4) });
  expect(await reported(actor)).toEqual([]);
  await Promise.all(Array.from({ length: 8 }, () => watchThresholds({ now: hour(5) })));
  await watchThresholds({ now: hour(6) });
  expect(await reported(actor)).toEqual([
    {
      threshold_id: threshold.id,
      period: "day",
      threshold_micros: half,
      cost_micros: half,
      period_start: hour(0).toISOString(),
      period_end: hour(24).toISOString(),
    },
  ]);
  expect((await listThresholds(actor, hour(6)))[0]).toMatchObject({ crossed_at: hour(5).toISOString() });

  await passTime({ now: hour(9) });
  const next = await bookHours(actor, poolId, [25, 33], { gpu_count: 2 }, hour(10));
  await passTime({ now: hour(25) });
  await watchThresholds({ now: hour(26) });
  expect((await listThresholds(actor, hour(26)))[0]).toMatchObject({ crossed_at: null });
  expect(await reported(actor)).toHaveLength(1);
  await watchThresholds({ now: hour(32) });
  expect(await reported(actor)).toHaveLength(2);
  expect(next.status).toBe("confirmed");
});

test("what was crossed while no worker ran is reported after the end of the period, once", async () => {
  const actor = await customer();
  await bookHours(actor, poolId, [1, 9], { gpu_count: 2 }, hour(0));
  await createThreshold(actor, { amount_micros: 1, period: "day" }, hour(0));
  await passTime({ now: hour(1) });
  await passTime({ now: hour(9) });
  const lookedBack = new Set<string>();
  await watchThresholds({ now: hour(25), lookedBack });
  await watchThresholds({ now: hour(25), lookedBack });
  await watchThresholds({ now: hour(26) });
  expect(await reported(actor)).toEqual([expect.objectContaining({ period_start: hour(0).toISOString() })]);
});

test("one that is set later hears nothing of periods that were over; one that is deleted hears nothing at all", async () => {
  const actor = await customer();
  await bookHours(actor, poolId, [1, 9], { gpu_count: 2 }, hour(0));
  await passTime({ now: hour(1) });
  await passTime({ now: hour(9) });
  await createThreshold(actor, { amount_micros: 1, period: "day" }, hour(24.2));
  const month = await createThreshold(actor, { amount_micros: 2, period: "month" }, hour(24.2));
  await deleteThreshold(actor, month.id);
  await watchThresholds({ now: hour(25) });
  expect(await reported(actor)).toEqual([]);
});

test("thresholds are the project's own, each once, and admins set them", async () => {
  const [actor, other] = [await customer(), await customer()];
  const { id } = await createThreshold(actor, { amount_micros: 5, period: "week" });
  await expect(createThreshold(actor, { amount_micros: 5, period: "week" })).rejects.toMatchObject({
    code: "conflict",
  });
  expect(await listThresholds(other)).toEqual([]);
  await expect(deleteThreshold(other, id)).rejects.toMatchObject({ code: "not_found" });
  const member = { ...actor, permissions: new Set(["costs:read"] as const) };
  await expect(createThreshold(member, { amount_micros: 6, period: "week" })).rejects.toMatchObject({
    code: "forbidden",
  });
  const more = Array.from({ length: 30 }, (_, i) => createThreshold(actor, { amount_micros: 100 + i, period: "day" }));
  expect((await Promise.allSettled(more)).filter(({ status }) => status === "fulfilled")).toHaveLength(19);
});

test("a range that is empty or too long is refused by name", async () => {
  const actor = await customer();
  const refused = { code: "validation_failed" };
  await expect(getCosts(actor, { from: hour(1).toISOString(), to: hour(1).toISOString() })).rejects.toMatchObject(
    refused,
  );
  await expect(getCosts(actor, { from: "2020-01-01T00:00:00Z", to: "2022-01-01T00:00:00Z" })).rejects.toMatchObject(
    refused,
  );
});
