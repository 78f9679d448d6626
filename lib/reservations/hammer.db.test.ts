import { beforeEach, describe, expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { db } from "@/lib/db/client";
import { sqlState } from "@/lib/db/errors";
import { pool as connections } from "@/lib/db/pool";
import { AppError } from "@/lib/errors";
import { createTestPool, type TestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import { runAudit } from "@/lib/reservations/audit";
import { passTime } from "@/lib/reservations/life-cycle";
import {
  balance,
  bookHours,
  CREDIT,
  cancel,
  confirm,
  createCustomer,
  eventsOf,
  hour,
  T0,
  update,
} from "@/lib/reservations/testing";

/** Many at once on the real database. Whatever the outcome of a race, it is one of those that make sense. */

const iso = (hours: number) => hour(hours).toISOString();

/** What became of each; anything that is not an AppError is a mistake of ours. */
async function race<T>(attempts: readonly Promise<T>[]): Promise<{ won: T[]; codes: string[] }> {
  const settled = await Promise.allSettled(attempts);
  const codes = settled.flatMap((result) => {
    if (result.status === "fulfilled") return [];
    if (!(result.reason instanceof AppError)) throw result.reason;
    return [result.reason.code];
  });
  return { won: settled.flatMap((result) => (result.status === "fulfilled" ? [result.value] : [])), codes };
}

async function expectSound(): Promise<void> {
  // Against T0, not the clock: these bookings lie in the future.
  expect((await runAudit(T0)).checks.filter(({ found }) => found > 0)).toEqual([]);
}

describe("many at once", () => {
  let actors: Actor[];
  beforeEach(async () => {
    actors = await Promise.all(Array.from({ length: 4 }, () => createCustomer()));
  });
  const actor = (n: number) => actors[n % actors.length] as Actor;

  it("sells room for eight to exactly eight of 200, and refuses the others for want of room alone", async () => {
    const pool = await createTestPool({ nodes: 8, lanes: 8 });
    const { won, codes } = await race(
      Array.from({ length: 200 }, (_, n) => bookHours(actor(n), pool.id, [24, 48], { gpu_count: 8 })),
    );
    expect(won).toHaveLength(8);
    expect(codes).toEqual(Array(192).fill("capacity_unavailable"));
    expect(await db.allocation.count({ where: { poolId: pool.id } })).toBe(64);
    for (const each of actors) {
      const own = won.filter(({ created_by }) => created_by.id === each.subject.id);
      expect((await balance(each)).held).toBe(own.reduce((sum, { price }) => sum + BigInt(price.total_micros), 0n));
      expect((await eventsOf(each)).filter(({ type }) => type === "reservation.created")).toHaveLength(own.length);
    }
    await expectSound();
  });

  it("sells the last GPU once", async () => {
    for (let round = 0; round < 10; round += 1) {
      const pool = await createTestPool({ nodes: 1, lanes: 1 });
      const { won } = await race(
        Array.from({ length: 8 }, (_, n) => bookHours(actor(n), pool.id, [24 + (n % 3), 48 + (n % 3)])),
      );
      expect(won).toHaveLength(1);
    }
    await expectSound();
  });

  it("never spends a credit twice", async () => {
    const poor = await createCustomer(100n);
    const pools = await Promise.all(Array.from({ length: 4 }, () => createTestPool({ nodes: 4 })));
    // 18 credits each: five fit into a hundred.
    const { won, codes } = await race(
      Array.from({ length: 40 }, (_, n) => bookHours(poor, pools[n % 4]?.id ?? "", [24, 34])),
    );
    expect(won).toHaveLength(5);
    expect(new Set(codes)).toEqual(new Set(["insufficient_credits"]));
    expect(await balance(poor)).toEqual({ available: 10n * CREDIT, held: 90n * CREDIT });
    await expectSound();
  });

  it("uses a quote once", async () => {
    const pool = await createTestPool({ nodes: 4 });
    const booked = await bookHours(actor(0), pool.id, [100, 110]);
    const quote = await db.quote.create({
      data: {
        id: newId("quote"),
        projectId: actor(0).projectId,
        createdBy: actor(0).subject.id,
        poolId: pool.id,
        gpuCount: 1,
        topology: "any",
        startsAt: hour(100),
        endsAt: hour(110),
        price: booked.price,
        totalMicros: BigInt(booked.price.total_micros),
        expiresAt: hour(0.25),
      },
    });
    const { won, codes } = await race(
      Array.from({ length: 12 }, () =>
        bookHours(actor(0), pool.id, [100, 110], { quote_id: quote.id, pool_id: pool.id }),
      ),
    );
    expect(won).toHaveLength(1);
    expect(new Set(codes)).toEqual(new Set(["quote_expired"]));
  });

  it("lets a hold be confirmed or run out, never both", async () => {
    const outcomes = new Set<string>();
    for (let round = 0; round < 12; round += 1) {
      const pool = await createTestPool({ nodes: 1, lanes: 1 });
      const one = await createCustomer();
      const held = await bookHours(one, pool.id, [24, 48], { hold: true });
      // The clocks of the two differ by a little, as those of machines do.
      const { won, codes } = await race<unknown>([
        confirm(one, held.id, new Date(hour(10 / 60).getTime() - 1)),
        passTime({ now: hour(10 / 60) }),
        bookHours(actor(1), pool.id, [24, 48], {}, hour(10 / 60)),
      ]);
      const row = await db.reservation.findUniqueOrThrow({ where: { id: held.id } });
      const others = await db.reservation.count({ where: { poolId: pool.id, id: { not: held.id } } });
      outcomes.add(row.status);
      if (row.status === "confirmed") expect([others, codes]).toEqual([0, ["capacity_unavailable"]]);
      else expect([row.status, others]).toEqual(["expired", 1]);
      expect(won.length).toBeGreaterThanOrEqual(2);
      expect((await balance(one)).held).toBe(row.status === "confirmed" ? row.totalMicros : 0n);
    }
    expect(outcomes.size).toBeGreaterThan(0);
    await expectSound();
  });

  it("extends one booking or makes the next, never both", async () => {
    for (let round = 0; round < 10; round += 1) {
      const pool = await createTestPool({ nodes: 1, lanes: 1 });
      const first = await bookHours(actor(0), pool.id, [24, 48]);
      const { won, codes } = await race([
        update(actor(0), first.id, { version: 1, ends_at: iso(60) }),
        bookHours(actor(1), pool.id, [48, 60]),
      ]);
      expect([won.length, codes]).toEqual([1, ["capacity_unavailable"]]);
    }
    await expectSound();
  });

  it("changes a version once", async () => {
    const pool = await createTestPool();
    const first = await bookHours(actor(0), pool.id, [24, 48]);
    const { won, codes } = await race(
      Array.from({ length: 10 }, (_, n) => update(actor(0), first.id, { version: 1, ends_at: iso(50 + n) })),
    );
    expect(won).toHaveLength(1);
    expect(codes).toEqual(Array(9).fill("version_conflict"));
    await expectSound();
  });

  it("cancels or starts: what has started is paid for until then", async () => {
    for (let round = 0; round < 10; round += 1) {
      const pool = await createTestPool({ nodes: 1, lanes: 1 });
      const one = await createCustomer(1000n);
      const booked = await bookHours(one, pool.id, [24, 48]);
      await Promise.all([
        cancel(one, booked.id, {}, round % 2 === 0 ? new Date(hour(24).getTime() - 1) : hour(24.5)),
        passTime({ now: hour(24) }),
        passTime({ now: hour(24) }),
      ]);
      const row = await db.reservation.findUniqueOrThrow({ where: { id: booked.id } });
      expect(row.status).toBe("cancelled");
      const { available, held } = await balance(one);
      expect(held).toBe(0n);
      expect(available).toBe(1000n * CREDIT - row.capturedMicros - row.feesMicros);
      const types = (await eventsOf(one)).map(({ type }) => type);
      expect(types.filter((type) => type === "reservation.started").length).toBe(row.startedAt ? 1 : 0);
      expect(types.filter((type) => type === "reservation.cancelled")).toHaveLength(1);
    }
    await expectSound();
  });

  it("swaps bookings between two pools without a standstill", async () => {
    const [a, b] = [await createTestPool({ nodes: 1, lanes: 4 }), await createTestPool({ nodes: 1, lanes: 4 })];
    const inA = await Promise.all([1, 2].map((n) => bookHours(actor(n), a.id, [24, 48])));
    const inB = await Promise.all([1, 2].map((n) => bookHours(actor(n), b.id, [24, 48])));
    const { won } = await race([
      ...inA.map(({ id }, n) => update(actor(n + 1), id, { version: 1, pool_id: b.id })),
      ...inB.map(({ id }, n) => update(actor(n + 1), id, { version: 1, pool_id: a.id })),
    ]);
    expect(won).toHaveLength(4);
    await expectSound();
  });
});

describe("whatever the code does", () => {
  async function insertDirectly(pool: TestPool, unitId: string, [from, to]: [number, number]) {
    const maintenance = await db.maintenance.create({
      data: {
        id: newId("maintenance"),
        poolId: pool.id,
        reason: "x",
        startsAt: hour(from),
        endsAt: hour(to),
        createdBy: "x",
      },
    });
    return db.allocation.create({
      data: {
        id: newId("allocation"),
        poolId: pool.id,
        unitId,
        kind: "maintenance",
        maintenanceId: maintenance.id,
        startsAt: hour(from),
        endsAt: hour(to),
        blocksFrom: hour(from),
        blocksTo: hour(to),
      },
    });
  }

  it("refuses an insert that bypasses the service", async () => {
    const one = await createCustomer();
    const pool = await createTestPool({ nodes: 1, lanes: 1, bufferAfterMinutes: 60 });
    const { id } = await bookHours(one, pool.id, [24, 48]);
    const unitId = pool.units[0]?.id ?? "";
    const error = await insertDirectly(pool, unitId, [48, 49]).catch((thrown) => thrown);
    expect(sqlState(error), "the buffer counts").toBe("23P01");
    const own = await connections()
      .query(
        `INSERT INTO allocation (id, pool_id, unit_id, kind, reservation_id, starts_at, ends_at, blocks_from, blocks_to)
         SELECT $1, pool_id, unit_id, kind, reservation_id, starts_at, ends_at, blocks_from, blocks_to FROM allocation WHERE reservation_id = $2`,
        [newId("allocation"), id],
      )
      .catch((thrown) => thrown);
    expect(sqlState(own), "not even by the same reservation").toBe("23P01");
    await insertDirectly(pool, unitId, [49, 50]);
    await insertDirectly(pool, unitId, [23, 24]);
  });

  it("books in one pool while another one is locked", async () => {
    const one = await createCustomer();
    const [locked, free] = [await createTestPool(), await createTestPool()];
    const client = await connections().connect();
    try {
      await client.query("BEGIN");
      await client.query("SELECT pg_advisory_xact_lock(hashtextextended('pool:' || $1, 0))", [locked.id]);
      await expect(bookHours(one, free.id, [24, 48])).resolves.toMatchObject({ status: "confirmed" });
      await expect(bookHours(one, locked.id, [24, 48])).rejects.toMatchObject({ code: "unavailable", retryAfterS: 2 });
    } finally {
      await client.query("ROLLBACK");
      client.release();
    }
    await expect(bookHours(one, locked.id, [24, 48])).resolves.toMatchObject({ status: "confirmed" });
  });

  it("asks to come back when the account does not come free, and changes nothing", async () => {
    const one = await createCustomer();
    const pool = await createTestPool();
    const client = await connections().connect();
    try {
      await client.query("BEGIN");
      await client.query("SELECT 1 FROM credit_account WHERE project_id = $1 FOR UPDATE", [one.projectId]);
      await expect(bookHours(one, pool.id, [24, 48])).rejects.toMatchObject({ code: "unavailable", retryAfterS: 2 });
    } finally {
      await client.query("ROLLBACK");
      client.release();
    }
    expect(await db.allocation.count({ where: { poolId: pool.id } })).toBe(0);
  });
});
