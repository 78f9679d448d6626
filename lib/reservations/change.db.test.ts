import { describe, expect, it } from "vitest";
import type { Reservation, ReservationPreview } from "@/lib/contracts/reservations";
import { cancelBody, createReservationBody, releaseBody, updateReservationBody } from "@/lib/contracts/reservations";
import { db } from "@/lib/db/client";
import { createTestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import { runAudit } from "@/lib/reservations/audit";
import { listReservationChanges } from "@/lib/reservations/history";
import { passTime } from "@/lib/reservations/life-cycle";
import { getReservation } from "@/lib/reservations/queries";
import * as service from "@/lib/reservations/service";
import {
  balance,
  bookHours,
  cancel,
  confirm,
  createCustomer,
  eventsOf,
  hour,
  release,
  T0,
  update,
} from "@/lib/reservations/testing";

const iso = (hours: number) => hour(hours).toISOString();
const spent = async (...args: Parameters<typeof balance>) => 1_000_000_000_000n - (await balance(...args)).available;

describe("moving", () => {
  it("keeps the price, and the worst notice for later", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const booked = await bookHours(actor, pool.id, [30, 54], { gpu_count: 2 });
    const moved = await update(actor, booked.id, { version: 1, starts_at: iso(100), ends_at: iso(124) });
    expect(moved).toMatchObject({
      version: 2,
      starts_at: iso(100),
      price: { total_micros: booked.price.total_micros },
    });
    expect(moved.fees_micros).toBe(0);
    // 100 hours ahead would give everything back; 30 hours ahead, where it was, gives three quarters.
    const { settlement } = await cancel(actor, booked.id);
    expect(settlement).toMatchObject({ refund_bps: 7500, fee_micros: booked.price.total_micros / 4 });
  });

  it("is not in its own way", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool({ nodes: 1, lanes: 2, bufferAfterMinutes: 60, bufferBeforeMinutes: 60 });
    const booked = await bookHours(actor, pool.id, [24, 48], { gpu_count: 2 });
    await update(actor, booked.id, { version: 1, starts_at: iso(30), ends_at: iso(54) });
    const rows = await db.allocation.findMany({ where: { reservationId: booked.id } });
    expect(rows.map(({ blocksFrom, blocksTo }) => [blocksFrom, blocksTo])).toEqual([
      [hour(29), hour(55)],
      [hour(29), hour(55)],
    ]);
  });

  it("goes to another pool at that pool's price", async () => {
    const actor = await createCustomer();
    const [dear, cheap] = [
      await createTestPool({ priceMicrosPerGpuHour: 4_000_000n }),
      await createTestPool({ priceMicrosPerGpuHour: 1_000_000n }),
    ];
    const booked = await bookHours(actor, dear.id, [30, 40]);
    const moved = await update(actor, booked.id, { version: 1, pool_id: cheap.id });
    expect(moved).toMatchObject({ pool_id: cheap.id, price: { total_micros: 9_000_000 }, fees_micros: 6_750_000 });
    expect(await spent(actor)).toBe(15_750_000n);
    const back = await update(actor, booked.id, { version: 2, pool_id: dear.id });
    expect(back.price.total_micros).toBe(36_000_000);
    expect(await db.allocation.count({ where: { poolId: cheap.id } })).toBe(0);
  });
});

describe("extending and shrinking", () => {
  it("prices the whole anew, never worse", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const booked = await bookHours(actor, pool.id, [24, 24 + 71]);
    expect(booked.price.discount_bps).toBe(1000);
    const longer = await update(actor, booked.id, { version: 1, ends_at: iso(24 + 72) });
    // 72 hours are cheaper than 71 were: the difference comes back whole, for nothing was given back.
    expect(longer.price).toMatchObject({ discount_bps: 1250, total_micros: 126_000_000 });
    expect(longer.fees_micros).toBe(0);
    expect(await spent(actor)).toBe(126_000_000n);
    const shorter = await update(actor, booked.id, { version: 2, ends_at: iso(24 + 48) });
    expect(shorter.price).toMatchObject({ discount_bps: 1250, total_micros: 84_000_000 });
    // What was given back began 72 hours later: all of it comes back.
    expect(shorter.fees_micros).toBe(0);
    expect(await spent(actor)).toBe(84_000_000n);
  });

  it("charges a fee for what is given back late", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const booked = await bookHours(actor, pool.id, [2, 12], { gpu_count: 4 });
    const fewer = await update(actor, booked.id, { version: 1, gpu_count: 1 });
    expect(fewer).toMatchObject({ gpu_count: 1, price: { total_micros: 18_000_000 }, fees_micros: 27_000_000 });
    expect(fewer.units).toHaveLength(1);
    expect(booked.units).toContainEqual(fewer.units[0]);
    expect(await spent(actor)).toBe(45_000_000n);
  });

  it("closes the way around the fee: giving back soon what is taken late instead", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const booked = await bookHours(actor, pool.id, [2, 26], { gpu_count: 4 });
    const changed = await update(actor, booked.id, { version: 1, gpu_count: 1, ends_at: iso(98) });
    expect(changed.price.total_micros).toBeLessThanOrEqual(booked.price.total_micros);
    const { settlement } = await cancel(actor, booked.id);
    expect(settlement.refund_bps).toBe(5000);
  });

  it("once begun, changes the end and the number from the next time of the grid, on the same GPUs", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool({ nodes: 2, lanes: 4 });
    const booked = await bookHours(actor, pool.id, [1, 21], { gpu_count: 2 });
    await passTime({ now: hour(1) });
    const now = hour(5.5);
    const more = await update(actor, booked.id, { version: 2, gpu_count: 4, ends_at: iso(31) }, now);
    expect(more.segments).toEqual([
      { starts_at: iso(1), ends_at: iso(6), gpu_count: 2 },
      { starts_at: iso(6), ends_at: iso(31), gpu_count: 4 },
    ]);
    for (const { unit_id } of booked.units) {
      expect(more.units.find((unit) => unit.unit_id === unit_id)).toMatchObject({
        starts_at: iso(1),
        ends_at: iso(31),
      });
    }
    expect(more.captured_micros).toBe(16_200_000);
    const fewer = await update(actor, booked.id, { version: 3, gpu_count: 1 }, hour(10));
    expect(fewer.segments.at(-1)).toEqual({ starts_at: iso(10), ends_at: iso(31), gpu_count: 1 });
    await passTime({ now: hour(31) });
    const ended = await getReservation(actor, booked.id);
    expect(ended.captured_micros).toBe(ended.price.total_micros);
    expect(await spent(actor)).toBe(BigInt(ended.captured_micros + ended.fees_micros));
  });

  it("keeps what has begun where it is", async () => {
    const actor = await createCustomer();
    const [pool, other] = [await createTestPool(), await createTestPool()];
    const booked = await bookHours(actor, pool.id, [1, 21]);
    await passTime({ now: hour(1) });
    await expect(
      update(actor, booked.id, { version: 2, starts_at: iso(2), pool_id: other.id, ends_at: iso(3) }, hour(4.5)),
    ).rejects.toMatchObject({
      code: "validation_failed",
      errors: [{ field: "starts_at" }, { field: "pool_id" }, { field: "ends_at" }],
    });
  });

  it("extends what has begun only on its own GPUs, moving others out of the way", async () => {
    const [actor, other] = [await createCustomer(), await createCustomer()];
    const pool = await createTestPool({ nodes: 1, lanes: 2 });
    const running = await bookHours(actor, pool.id, [1, 10]);
    await passTime({ now: hour(1) });
    const [unit] = running.units;
    const next = await bookHours(other, pool.id, [10, 20], {}, hour(1));
    // Best fit puts the next one right behind the running one.
    expect(next.units[0]?.unit_id).toBe(unit?.unit_id);
    const longer = await update(actor, running.id, { version: 2, ends_at: iso(15) }, hour(2));
    expect(longer.units).toMatchObject([{ unit_id: unit?.unit_id, ends_at: iso(15) }]);
    const moved = await getReservation(other, next.id);
    expect(moved.units[0]?.unit_id).not.toBe(unit?.unit_id);
    expect(moved.version).toBe(next.version);
    const [line] = (await listReservationChanges(other, next.id, { limit: 1 })).data;
    expect(line).toMatchObject({ kind: "repacked", by: { id: "system", name: "Dumont" } });
    expect(line?.before).not.toEqual(line?.after);
    await bookHours(other, pool.id, [15, 30], {}, hour(2));
    const refused = update(actor, running.id, { version: 3, ends_at: iso(40), gpu_count: 2 }, hour(2));
    await expect(refused).rejects.toMatchObject({ code: "capacity_unavailable" });
  });
});

describe("giving back a rectangle", () => {
  it("leaves the rest on the same GPUs", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool({ bufferAfterMinutes: 30 });
    const booked = await bookHours(actor, pool.id, [80, 128], { gpu_count: 8 });
    const part = await release(actor, booked.id, { version: 1, starts_at: iso(90), ends_at: iso(100), gpu_count: 4 });
    expect(part.segments.map(({ gpu_count }) => gpu_count)).toEqual([8, 4, 8]);
    expect(part.units).toHaveLength(12);
    expect(part.price.total_micros).toBe(booked.price.total_micros - 72_000_000);
    expect(part.fees_micros).toBe(0);
    const gap = await release(actor, booked.id, { version: 2, starts_at: iso(110), ends_at: iso(111), gpu_count: 99 });
    expect(gap.segments).toHaveLength(4);
    const shut = await release(actor, booked.id, { version: 3, starts_at: iso(70), ends_at: iso(90), gpu_count: 1024 });
    expect(shut).toMatchObject({ starts_at: iso(90), gpu_count: 8, version: 4 });
    expect((await runAudit(T0)).checks.filter(({ found }) => found > 0)).toEqual([]);
  });

  it("works also where its parts were on different GPUs", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool({ nodes: 1, lanes: 3 });
    const segments = [
      { starts_at: iso(80), ends_at: iso(90), gpu_count: 1 },
      { starts_at: iso(90), ends_at: iso(100), gpu_count: 2 },
    ];
    const booked = await bookHours(actor, pool.id, [0, 0], { segments });
    const first = await db.allocation.findMany({ where: { reservationId: booked.id, startsAt: hour(80) } });
    const late = await db.allocation.findMany({ where: { reservationId: booked.id, startsAt: hour(90) } });
    const free = pool.units.find(({ id }) => ![...first, ...late].some(({ unitId }) => unitId === id))?.id ?? "";
    // As after repacks: the first part on one GPU, the second on two others.
    await db.allocation.deleteMany({ where: { reservationId: booked.id } });
    const at = (unitId: string, startsAt: Date, endsAt: Date) => ({
      id: newId("allocation"),
      poolId: pool.id,
      unitId,
      kind: "booking",
      reservationId: booked.id,
      startsAt,
      endsAt,
      blocksFrom: startsAt,
      blocksTo: endsAt,
    });
    await db.allocation.createMany({
      data: [
        at(free, hour(80), hour(90)),
        at(first[0]?.unitId ?? "", hour(90), hour(100)),
        at(late[0]?.unitId ?? "", hour(90), hour(100)),
      ],
    });
    const fewer = await release(actor, booked.id, { version: 1, starts_at: iso(90), ends_at: iso(100), gpu_count: 1 });
    expect(fewer.segments).toEqual([{ starts_at: iso(80), ends_at: iso(100), gpu_count: 1 }]);
    expect(fewer.units).toHaveLength(1);
    expect((await runAudit(T0)).checks.filter(({ found }) => found > 0)).toEqual([]);
  });

  it("names what is wrong", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const { id } = await bookHours(actor, pool.id, [80, 128], { gpu_count: 8 });
    const refused = (starts_at: string, ends_at: string, gpu_count = 1) =>
      release(actor, id, { version: 1, starts_at, ends_at, gpu_count });
    await expect(refused(iso(90.5), iso(91))).rejects.toMatchObject({ errors: [{ field: "starts_at" }] });
    await expect(refused(iso(91), iso(90))).rejects.toMatchObject({ errors: [{ field: "ends_at" }] });
    await expect(refused(iso(10), iso(20))).rejects.toMatchObject({ errors: [{ field: "starts_at" }] });
    await expect(refused(iso(80), iso(128), 8)).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("cancelling", () => {
  it("gives back by notice, to the grants, and frees the GPUs", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const booked = await bookHours(actor, pool.id, [30, 54], { gpu_count: 2 });
    const done = await cancel(actor, booked.id, { reason: "The data came late" });
    expect(done).toMatchObject({ status: "cancelled", units: [], captured_micros: 0 });
    expect(done.settlement).toMatchObject({ refund_bps: 7500, refund_micros: 64_800_000, fee_micros: 21_600_000 });
    expect(done.settlement.grants).toMatchObject([{ amount_micros: 64_800_000, replaced: false }]);
    expect(done.settlement.available_after_micros).toBe(Number((await balance(actor)).available));
    expect((await eventsOf(actor)).at(-1)).toMatchObject({
      type: "reservation.cancelled",
      data: { cause: "cancelled", reason: "The data came late", refunded_micros: 64_800_000, fee_micros: 21_600_000 },
    });
    await expect(cancel(actor, booked.id)).rejects.toMatchObject({ code: "conflict" });
  });

  it("of what has begun keeps what was used, by the minute", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool({ bufferAfterMinutes: 60 });
    const booked = await bookHours(actor, pool.id, [1, 11], { gpu_count: 2 });
    const done = await cancel(actor, booked.id, {}, new Date(hour(6).getTime() - 30_000));
    expect(done).toMatchObject({ status: "cancelled", ended_at: iso(6), started_at: expect.any(String) });
    expect(done).toMatchObject({ captured_micros: 18_000_000, fees_micros: 9_000_000 });
    expect(await spent(actor)).toBe(27_000_000n);
    const rows = await db.allocation.findMany({ where: { reservationId: booked.id } });
    expect(rows.map(({ endsAt, blocksTo }) => [endsAt, blocksTo])).toEqual([
      [hour(6), hour(7)],
      [hour(6), hour(7)],
    ]);
    expect((await runAudit(T0)).checks.filter(({ found }) => found > 0)).toEqual([]);
  });

  it("of a hold costs nothing", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const held = await bookHours(actor, pool.id, [1, 11], { hold: true });
    expect((await cancel(actor, held.id)).settlement).toMatchObject({ refund_bps: 10_000, fee_micros: 0 });
    expect(await spent(actor)).toBe(0n);
  });
});

describe("versions", () => {
  it("refuses what was meant for another state, and says what changed since", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const held = await bookHours(actor, pool.id, [24, 48], { hold: true, title: "One" });
    await confirm(actor, held.id);
    await update(actor, held.id, { version: 2, title: "Two", ends_at: iso(72) });
    await update(actor, held.id, { version: 3, title: "One" });
    const refusal = update(actor, held.id, { version: 1, gpu_count: 2 });
    await expect(refusal).rejects.toMatchObject({ code: "version_conflict", extras: { current_version: 4 } });
    const { extras } = await refusal.catch((error) => error);
    expect(extras.changed).toContainEqual({ field: "status", was: "held", is: "confirmed" });
    expect(extras.changed).toContainEqual({ field: "ends_at", was: iso(48), is: iso(72) });
    expect(extras.changed.map(({ field }: { field: string }) => field)).not.toContain("title");
  });

  it("leaves no trace of a change that changes nothing", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const booked = await bookHours(actor, pool.id, [24, 48], { title: "Same" });
    expect(await update(actor, booked.id, { version: 1, title: "Same", gpu_count: 1 })).toEqual(booked);
    expect((await listReservationChanges(actor, booked.id, { limit: 9 })).data).toHaveLength(1);
  });
});

describe("a dry run", () => {
  const strip = ({ units: _units, updated_at: _updated, settlement: _settlement, ...rest }: Record<string, unknown>) =>
    rest;

  it.each<[string, object]>([
    ["a move", { starts_at: iso(30), ends_at: iso(40) }],
    ["an extension", { ends_at: iso(200) }],
    ["fewer GPUs", { gpu_count: 1 }],
    ["more GPUs and texts", { gpu_count: 8, title: "More", config: "train" }],
  ])("answers what %s then does, and changes nothing", async (_name, change) => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const booked = await bookHours(actor, pool.id, [24, 48], { gpu_count: 4 });
    const before = [await getReservation(actor, booked.id), await balance(actor), await eventsOf(actor)];
    const body = updateReservationBody.parse({ version: 1, ...change, dry_run: true });
    const preview = (await service.updateReservation(actor, booked.id, body, T0)) as ReservationPreview;
    expect([await getReservation(actor, booked.id), await balance(actor), await eventsOf(actor)]).toEqual(before);
    const real = await service.updateReservation(actor, booked.id, { ...body, dry_run: false }, T0);
    expect(strip(real as Reservation)).toEqual(strip(preview.reservation));
    expect(Number((await balance(actor)).available)).toBe(preview.settlement.available_after_micros);
  });

  it("says the same of a booking, a release and a cancellation", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const body = createReservationBody.parse({
      pool_id: pool.id,
      gpu_count: 3,
      starts_at: iso(24),
      ends_at: iso(48),
      dry_run: true,
    });
    const preview = (await service.createReservation(actor, body, T0)) as ReservationPreview;
    expect(preview).toMatchObject({ dry_run: true, reservation: { id: null, status: "confirmed" }, moved: 0 });
    expect(await db.reservation.count({ where: { projectId: actor.projectId } })).toBe(0);
    const booked = (await service.createReservation(actor, { ...body, dry_run: false }, T0)) as Reservation;
    const unnamed = ({ id: _id, correlation_id: _c, ...rest }: Record<string, unknown>) => strip(rest);
    expect(unnamed(booked)).toEqual(unnamed(preview.reservation));

    const part = releaseBody.parse({ version: 1, starts_at: iso(24), ends_at: iso(30), gpu_count: 1, dry_run: true });
    const released = (await service.releasePart(actor, booked.id, part, T0)) as ReservationPreview;
    expect(
      strip((await service.releasePart(actor, booked.id, { ...part, dry_run: false }, T0)) as Reservation),
    ).toEqual(strip(released.reservation));
    const cancelled = cancelBody.parse({ dry_run: true });
    const wouldBe = (await service.cancelReservation(actor, booked.id, cancelled, T0)) as ReservationPreview;
    const done = await cancel(actor, booked.id);
    expect(done.settlement).toEqual(wouldBe.settlement);
    expect(strip(done)).toEqual(strip(wouldBe.reservation));
  });
});
