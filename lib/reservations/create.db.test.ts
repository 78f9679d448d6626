import { describe, expect, it } from "vitest";
import { db } from "@/lib/db/client";
import { createTestPool } from "@/lib/fleet/testing";
import { getReservation, listReservations } from "@/lib/reservations/queries";
import { balance, bookHours, CREDIT, createCustomer, eventsOf } from "@/lib/reservations/testing";

describe("booking", () => {
  it("holds units and credits and tells, all at once", async () => {
    const actor = await createCustomer(1000n);
    const pool = await createTestPool({ bufferAfterMinutes: 60 });
    const booked = await bookHours(actor, pool.id, [24, 48], { gpu_count: 4, title: "Training" });
    expect(booked).toMatchObject({ status: "confirmed", gpu_count: 4, mine: true, version: 1, title: "Training" });
    // 4 GPUs, 24 hours at 2 credits, 10 % off.
    expect(booked.price).toMatchObject({ list_micros: 192_000_000, discount_bps: 1000, total_micros: 172_800_000 });
    expect(booked.units).toHaveLength(4);
    expect(new Set(booked.units.map(({ node }) => node)).size, "best fit keeps nodes whole").toBe(1);
    expect(await balance(actor)).toEqual({ available: 1000n * CREDIT - 172_800_000n, held: 172_800_000n });
    expect((await eventsOf(actor)).map(({ type }) => type)).toEqual(["reservation.created", "reservation.confirmed"]);
    const rows = await db.allocation.findMany({ where: { reservationId: booked.id } });
    expect(rows.map(({ blocksTo, endsAt }) => blocksTo.getTime() - endsAt.getTime())).toEqual(
      [0, 0, 0, 0].map(() => 3_600_000),
    );
    expect(await getReservation(actor, booked.id)).toEqual(booked);
    expect((await listReservations(actor, { limit: 10 })).data).toEqual([booked]);
  });

  it("refuses what does not fit, and leaves nothing behind", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool({ nodes: 1, lanes: 8, reserveUnits: 1 });
    await bookHours(actor, pool.id, [24, 48], { gpu_count: 5 });
    const before = await balance(actor);
    await expect(bookHours(actor, pool.id, [47, 60], { gpu_count: 3 })).rejects.toMatchObject({
      code: "capacity_unavailable",
    });
    await expect(bookHours(actor, pool.id, [48, 60], { gpu_count: 7 })).resolves.toMatchObject({ status: "confirmed" });
    expect((await balance(actor)).available).toBeLessThan(before.available);
    expect(await db.reservation.count({ where: { poolId: pool.id } })).toBe(2);
  });

  it("says how much is missing", async () => {
    const actor = await createCustomer(10n);
    const pool = await createTestPool();
    await expect(bookHours(actor, pool.id, [24, 48], { gpu_count: 1 })).rejects.toMatchObject({
      code: "insufficient_credits",
      extras: { shortfall_micros: 33_200_000 },
    });
    expect(await db.reservation.count({ where: { projectId: actor.projectId } })).toBe(0);
    expect(await eventsOf(actor)).toEqual([]);
  });
});
