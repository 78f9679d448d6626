import { describe, expect, it, vi } from "vitest";
import { db } from "@/lib/db/client";
import { createTestPool } from "@/lib/fleet/testing";
import { passTime, runLifeCycle } from "@/lib/reservations/life-cycle";
import { getReservation } from "@/lib/reservations/queries";
import {
  balance,
  bookHours,
  CREDIT,
  confirm,
  createCustomer,
  DAY_MS,
  eventsOf,
  hour,
  update,
} from "@/lib/reservations/testing";

const typesOf = async (...args: Parameters<typeof eventsOf>) => (await eventsOf(...args)).map(({ type }) => type);

describe("the life of a reservation", () => {
  it("starts, warns twice, is paid for as time passes, and ends", async () => {
    const actor = await createCustomer(1000n);
    const pool = await createTestPool();
    const { id, price } = await bookHours(actor, pool.id, [2, 12], { gpu_count: 2 });
    const total = BigInt(price.total_micros);
    expect(total).toBe(36_000_000n);

    await passTime({ now: hour(1.9) });
    expect(await getReservation(actor, id)).toMatchObject({ status: "confirmed", version: 1 });
    await passTime({ now: hour(2) });
    expect(await getReservation(actor, id)).toMatchObject({
      status: "active",
      version: 2,
      started_at: hour(2).toISOString(),
    });
    await passTime({ now: hour(7) });
    expect(await getReservation(actor, id)).toMatchObject({ captured_micros: 18_000_000, version: 2 });
    expect(await balance(actor)).toEqual({ available: 1000n * CREDIT - total, held: 18_000_000n });

    await passTime({ now: hour(11.5) });
    await passTime({ now: hour(11.51) });
    await passTime({ now: hour(12 - 4.5 / 60) });
    await passTime({ now: hour(12 - 4 / 60) });
    await passTime({ now: hour(12) });
    await passTime({ now: hour(13) });
    expect(await getReservation(actor, id)).toMatchObject({
      status: "completed",
      ended_at: hour(12).toISOString(),
      captured_micros: Number(total),
    });
    expect(await balance(actor)).toEqual({ available: 1000n * CREDIT - total, held: 0n });
    const events = await eventsOf(actor);
    expect(events.map(({ type, data }) => [type, data.minutes_left])).toEqual([
      ["reservation.created", undefined],
      ["reservation.confirmed", undefined],
      ["reservation.started", undefined],
      ["reservation.ending", 30],
      ["reservation.ending", 5],
      ["reservation.ended", undefined],
    ]);
    expect(new Set(events.map(({ data }) => data.reservation_id))).toEqual(new Set([id]));
  });

  it("warns anew of another end", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const { id } = await bookHours(actor, pool.id, [0, 10]);
    await passTime({ now: hour(9.75) });
    const { version } = await getReservation(actor, id);
    await update(actor, id, { version, ends_at: hour(20).toISOString() }, hour(9.8));
    await passTime({ now: hour(9.9) });
    expect((await typesOf(actor)).filter((type) => type === "reservation.ending")).toHaveLength(1);
    await passTime({ now: hour(19.6) });
    expect((await typesOf(actor)).filter((type) => type === "reservation.ending")).toHaveLength(2);
  });

  it("gives everything back when a hold is not confirmed, and the GPUs to others", async () => {
    const actor = await createCustomer(1000n);
    const pool = await createTestPool({ nodes: 1, lanes: 2 });
    const held = await bookHours(actor, pool.id, [24, 48], { gpu_count: 2, hold: true });
    expect(held).toMatchObject({ status: "held", hold_expires_at: hour(10 / 60).toISOString() });
    await expect(bookHours(actor, pool.id, [24, 48])).rejects.toMatchObject({ code: "capacity_unavailable" });
    await passTime({ now: hour(10 / 60) });
    expect(await getReservation(actor, held.id)).toMatchObject({ status: "expired", units: [], hold_expires_at: null });
    expect(await balance(actor)).toEqual({ available: 1000n * CREDIT, held: 0n });
    expect((await eventsOf(actor)).at(-1)).toMatchObject({
      type: "reservation.cancelled",
      data: { cause: "hold_expired", refunded_micros: held.price.total_micros },
    });
    await expect(confirm(actor, held.id, hour(0.2))).rejects.toMatchObject({ code: "conflict" });
    await expect(bookHours(actor, pool.id, [24, 48], { gpu_count: 2 })).resolves.toMatchObject({ status: "confirmed" });
  });

  it("lets a dead hold go at once when somebody wants its GPUs", async () => {
    const [one, two] = [await createCustomer(1000n), await createCustomer(1000n)];
    const pool = await createTestPool({ nodes: 1, lanes: 1 });
    const held = await bookHours(one, pool.id, [24, 48], { hold: true });
    await bookHours(two, pool.id, [24, 48], {}, hour(1));
    expect(await getReservation(one, held.id)).toMatchObject({ status: "expired" });
    expect(await balance(one)).toEqual({ available: 1000n * CREDIT, held: 0n });
    expect(await passTime({ now: hour(1) })).toBe(0);
  });

  it("does not hold beyond the start", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool({ granularityMinutes: 5, minDurationMinutes: 5 });
    const held = await bookHours(actor, pool.id, [0, 0], {
      starts_at: hour(5 / 60).toISOString(),
      ends_at: hour(1).toISOString(),
      hold: true,
    });
    expect(held.hold_expires_at).toBe(hour(5 / 60).toISOString());
  });

  it("makes up for a day without workers in the right order: what ends, ends before what follows it starts", async () => {
    const [one, two] = [await createCustomer(), await createCustomer()];
    const pool = await createTestPool({ nodes: 1, lanes: 1 });
    const bookings = [
      await bookHours(one, pool.id, [1, 3]),
      await bookHours(two, pool.id, [3, 5]),
      await bookHours(one, pool.id, [5, 7]),
      await bookHours(two, pool.id, [7, 40]),
    ];
    await passTime({ now: hour(39.75) });
    const steps = await db.$queryRaw<{ reservation_id: string; kind: string }[]>`
      SELECT reservation_id, kind FROM reservation_change WHERE kind IN ('started', 'ended')
         AND reservation_id = ANY(${bookings.map(({ id }) => id)}) ORDER BY id`;
    const named = steps.map(
      ({ reservation_id, kind }) => `${bookings.findIndex(({ id }) => id === reservation_id)} ${kind}`,
    );
    expect(named).toEqual(["0 started", "0 ended", "1 started", "1 ended", "2 started", "2 ended", "3 started"]);
    expect(
      (await typesOf(two)).filter((type) => type === "reservation.ending"),
      "no warnings of what is over",
    ).toHaveLength(1);
  });

  it("is done once by two workers at once", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool({ nodes: 4 });
    for (let n = 0; n < 12; n += 1) await bookHours(actor, pool.id, [1, 5], { gpu_count: 2 });
    await Promise.all([passTime({ now: hour(2) }), passTime({ now: hour(2) }), passTime({ now: hour(2) })]);
    expect((await typesOf(actor)).filter((type) => type === "reservation.started")).toHaveLength(12);
    await Promise.all([passTime({ now: hour(6) }), passTime({ now: hour(6) })]);
    const types = await typesOf(actor);
    expect(types.filter((type) => type === "reservation.ended")).toHaveLength(12);
    expect(types.filter((type) => type === "reservation.ending")).toHaveLength(0);
    expect((await balance(actor)).held).toBe(0n);
  });

  it("goes on by itself in every worker, and once in all, by the database's clock", async () => {
    const actor = await createCustomer(1000n, new Date());
    const pool = await createTestPool();
    const starts = new Date(Math.ceil(Date.now() / DAY_MS) * DAY_MS + DAY_MS);
    const times = { starts_at: starts.toISOString(), ends_at: new Date(starts.getTime() + DAY_MS).toISOString() };
    const held = await bookHours(actor, pool.id, [0, 0], { ...times, gpu_count: 1, hold: true }, new Date());
    await db.reservation.update({ where: { id: held.id }, data: { holdExpiresAt: new Date(Date.now() - 1000) } });
    const stop = new AbortController();
    const workers = [1, 2, 3].map(() => runLifeCycle(stop.signal));
    await vi.waitFor(async () => expect(await getReservation(actor, held.id)).toMatchObject({ status: "expired" }), {
      timeout: 20_000,
      interval: 50,
    });
    stop.abort();
    await Promise.all(workers);
    expect(await typesOf(actor)).toEqual(["reservation.created", "reservation.cancelled"]);
    expect(await balance(actor)).toEqual({ available: 1000n * CREDIT, held: 0n });
  });
});
