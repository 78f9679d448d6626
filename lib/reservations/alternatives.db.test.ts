import { beforeAll, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import type { Offer, Topology } from "@/lib/contracts/availability";
import { DEFAULT_BOOKING_POLICY } from "@/lib/contracts/booking-policy";
import { createReservationBody } from "@/lib/contracts/reservations";
import { db } from "@/lib/db/client";
import { createTestPool, type TestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import { findAlternatives } from "@/lib/reservations/alternatives";
import { loadPool } from "@/lib/reservations/pool-state";
import { createReservation } from "@/lib/reservations/service";
import { bookHours, createCustomer, hour, T0, update } from "@/lib/reservations/testing";

describe("what to book instead", () => {
  let actor: Actor;
  let mate: Actor;
  let others: Actor;
  beforeAll(async () => {
    actor = await createCustomer();
    mate = { ...actor, subject: { kind: "user", id: newId("user") } };
    others = await createCustomer();
  });

  it("knows the nearest yes of every kind, each bookable as it stands, the closest first", async () => {
    const pool = await createTestPool({ nodes: 2, lanes: 8 });
    const { gpuTypeId } = pool;
    const sibling = await createTestPool({ gpuTypeId, nodes: 2, lanes: 8 });
    const substitute = await createTestPool({ nodes: 2, lanes: 8 });
    await bookHours(others, pool.id, [30, 48], { gpu_count: 10 });
    const found = await ask(pool, [24, 40], 8);
    expect(found.earliestStartsAt).toEqual(hour(48));
    const kinds = found.alternatives.map(({ kinds: [kind] }) => kind);
    expect(kinds[0]).toBe("other_pool");
    expect(found.alternatives[0]?.pool_id).toBe(sibling.id);
    expect(kinds).toEqual(expect.arrayContaining(["other_pool", "fewer", "shift"]));
    expect(found.alternatives).toHaveLength(5);
    expect(found.alternatives.find(({ kinds }) => kinds.includes("fewer"))).toMatchObject({ gpu_count: 6 });
    const shift = found.alternatives.find(({ kinds }) => kinds.includes("shift"));
    expect(shift).toMatchObject({ starts_at: hour(14).toISOString(), ends_at: hour(30).toISOString() });
    await bookAll(found.alternatives);

    await bookHours(others, sibling.id, [0, 100], { gpu_count: 16 });
    const again = await ask(pool, [24, 40], 8);
    expect(again.alternatives.map(({ kinds: [kind] }) => kind)).not.toContain("other_pool");
    const type = again.alternatives.find(({ kinds }) => kinds.includes("other_type"));
    expect(type === undefined || type.pool_id === substitute.id || type.gpu_type !== pool.gpuTypeName).toBe(true);
    await bookAll(again.alternatives);
  });

  it("shortens to what is free from the start, and to the end", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 4, bufferBeforeMinutes: 60, bufferAfterMinutes: 60 });
    await bookHours(others, pool.id, [30, 34], { gpu_count: 4 });
    const { alternatives } = await ask(pool, [20, 50], 4, { only: ["shorten"] });
    // The longer of the two comes first; for the other, from 20 to 28, there may be no place among five.
    expect(alternatives[0]).toMatchObject({ starts_at: hour(36).toISOString(), ends_at: hour(50).toISOString() });
  });

  it("says that it is the nodes, not the number, and offers the same on several", async () => {
    const pool = await createTestPool({ nodes: 2, lanes: 4 });
    for (const unit of [0, 4]) {
      const { id } = await bookHours(others, pool.id, [10, 20], { pinned: true });
      await db.allocation.updateMany({ where: { reservationId: id }, data: { unitId: pool.units[unit]?.id ?? "" } });
    }
    const found = await ask(pool, [10, 20], 4, { topology: "single_node" });
    expect(found.blockers[0]).toMatchObject({
      kind: "fragmentation",
      gpu_count: 6,
      note: "6 GPUs are free, but not 4 of them on one node.",
    });
    expect(found.alternatives[0]).toMatchObject({ kinds: ["any_topology"], topology: "any", single_node: false });
    expect(found.earliestStartsAt).toEqual(hour(20));
    await bookAll(found.alternatives);
  });

  it("splits in time where there is a break", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 2 });
    await bookHours(others, pool.id, [10, 14], { gpu_count: 2 });
    await bookHours(others, pool.id, [30, 300], { gpu_count: 2 });
    const { alternatives } = await ask(pool, [2, 22], 2, { only: ["split"] });
    const [split] = alternatives;
    expect(split?.segments.map(({ starts_at, ends_at }) => [starts_at, ends_at])).toEqual([
      [hour(2).toISOString(), hour(10).toISOString()],
      [hour(14).toISOString(), hour(26).toISOString()],
    ]);
    await bookAll(alternatives);
  });

  it("tells who is in the way as far as one may know", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 8, reserveUnits: 2 });
    const mine = await bookHours(actor, pool.id, [0, 10]);
    const team = await bookHours(mate, pool.id, [0, 12], { gpu_count: 2, title: "Team" });
    const foreign = await bookHours(others, pool.id, [5, 15], { gpu_count: 3, title: "Secret" });
    const { blockers } = await ask(pool, [6, 9], 2);
    expect(blockers).toEqual([
      expect.objectContaining({ kind: "reserve", gpu_count: 2 }),
      {
        kind: "others",
        reservation_id: null,
        gpu_count: 3,
        starts_at: hour(5).toISOString(),
        ends_at: hour(15).toISOString(),
        note: "A booking of another project.",
      },
      expect.objectContaining({ kind: "team", reservation_id: team.id, gpu_count: 2 }),
      expect.objectContaining({ kind: "mine", reservation_id: mine.id, gpu_count: 1 }),
    ]);
    const told = JSON.stringify(blockers);
    for (const secret of [foreign.id, "Secret", others.projectId, others.subject.id])
      expect(told).not.toContain(secret);
  });

  it("names maintenance, and a pool that is too small", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 4 });
    const window = { startsAt: hour(5), endsAt: hour(8) };
    const { id: maintenanceId } = await db.maintenance.create({
      data: { id: newId("maintenance"), poolId: pool.id, reason: "Fans", createdBy: "usr_test", ...window },
    });
    await db.allocation.createMany({
      data: pool.units.map(({ id }) => ({
        id: newId("allocation"),
        poolId: pool.id,
        unitId: id,
        kind: "maintenance",
        maintenanceId,
        ...window,
        blocksFrom: window.startsAt,
        blocksTo: window.endsAt,
      })),
    });
    expect((await ask(pool, [6, 9], 1)).blockers).toEqual([
      expect.objectContaining({ kind: "maintenance", gpu_count: 4, reservation_id: null }),
    ]);
    const { blockers, earliestStartsAt, alternatives } = await ask(pool, [20, 30], 5);
    expect(blockers).toEqual([expect.objectContaining({ kind: "capacity", gpu_count: 4 })]);
    expect(earliestStartsAt).toBeNull();
    expect(alternatives.flatMap(({ kinds }) => kinds)).toContain("fewer");
  });

  it("does not count what the booking itself has against it", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 4 });
    const own = await bookHours(actor, pool.id, [10, 20], { gpu_count: 4 });
    await bookHours(others, pool.id, [30, 40], { gpu_count: 4 });
    const found = await findAlternatives(db, {
      projectId: actor.projectId,
      pool: await loadPool(db, pool.id),
      want: { parts: [{ from: hour(15).getTime(), to: hour(35).getTime(), count: 4 }], topology: "any" },
      policy: DEFAULT_BOOKING_POLICY,
      now: T0,
      reservationId: own.id,
    });
    expect(found.blockers).toEqual([expect.objectContaining({ kind: "others", gpu_count: 4 })]);
    const before = found.alternatives.find(({ kinds }) => kinds.includes("shift"));
    expect(before).toMatchObject({ starts_at: hour(10).toISOString(), ends_at: hour(30).toISOString() });
    await update(actor, own.id, { version: own.version, ends_at: before?.ends_at ?? "" });
  });

  async function ask(
    pool: TestPool,
    [from, to]: [number, number],
    count: number,
    { topology = "any", only }: { topology?: Topology; only?: string[] } = {},
  ) {
    const found = await findAlternatives(db, {
      projectId: actor.projectId,
      by: actor.subject.id,
      pool: await loadPool(db, pool.id),
      want: { parts: [{ from: hour(from).getTime(), to: hour(to).getTime(), count }], topology },
      policy: DEFAULT_BOOKING_POLICY,
      now: T0,
    });
    await bookAll(found.alternatives);
    const alternatives = found.alternatives.filter(({ kinds }) => !only || kinds.some((kind) => only.includes(kind)));
    return { ...found, alternatives };
  }

  async function bookAll(offers: Offer[]): Promise<void> {
    for (const { pool_id, topology, segments, gpu_count, starts_at, ends_at } of offers) {
      const when = segments.length > 1 ? { segments } : { gpu_count, starts_at, ends_at };
      await createReservation(actor, createReservationBody.parse({ pool_id, topology, ...when, dry_run: true }), T0);
    }
  }
});
