import fc from "fast-check";
import { beforeAll, describe, expect, it, vi } from "vitest";
import type { z } from "zod";
import type { Actor } from "@/lib/accounts/actor";
import { type CapacitySearch, type Offer, searchBody } from "@/lib/contracts/availability";
import { createReservationBody } from "@/lib/contracts/reservations";
import { db } from "@/lib/db/client";
import { createTestPool, type TestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import { keptBoard } from "@/lib/reservations/boards";
import { loadPool } from "@/lib/reservations/pool-state";
import { searchAvailability } from "@/lib/reservations/search";
import { createReservation } from "@/lib/reservations/service";
import { bookHours, createCustomer, HOUR_MS, hour, T0, update } from "@/lib/reservations/testing";

const SEED = 20_261_122;

const search = (actor: Actor, body: z.input<typeof searchBody>, now = T0) =>
  searchAvailability(actor, searchBody.parse(body), now);

/** As the console books an offer: with its own fields. */
function bookOffer(actor: Actor, offer: Offer, now = T0) {
  const { pool_id, topology, segments, gpu_count, starts_at, ends_at } = offer;
  const when = segments.length > 1 ? { segments } : { gpu_count, starts_at, ends_at };
  return createReservation(actor, createReservationBody.parse({ pool_id, topology, ...when, dry_run: true }), now);
}

describe("finding when and where GPUs are free", () => {
  let actor: Actor;
  let others: Actor;
  beforeAll(async () => {
    actor = await createCustomer();
    others = await createCustomer();
  });

  it("finds the earliest, the nearest, the cheapest and the longest", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 8, maxDurationMinutes: 14 * 1440 });
    await bookHours(others, pool.id, [0, 24], { gpu_count: 4 });
    await bookHours(others, pool.id, [200, 230], { gpu_count: 1 });
    const { offers, alternatives } = await search(actor, {
      pool_ids: [pool.id],
      gpu_count: 8,
      duration_minutes: 24 * 60,
      near: hour(100).toISOString(),
    });
    expect(alternatives).toEqual([]);
    const byKind = new Map(offers.flatMap((offer) => offer.kinds.map((kind) => [kind, offer] as const)));
    expect(byKind.get("earliest")).toMatchObject({
      starts_at: hour(24).toISOString(),
      ends_at: hour(48).toISOString(),
    });
    expect(byKind.get("nearest")).toBe(byKind.get("as_asked"));
    expect(byKind.get("nearest")).toMatchObject({ starts_at: hour(100).toISOString(), gpu_count: 8, topology: "any" });
    // The ladder gives 1 % more from a week ahead and 2.5 % from two on.
    expect(byKind.get("cheapest")).toMatchObject({ starts_at: hour(336).toISOString(), price: { discount_bps: 1250 } });
    // Four times what was asked, at most.
    expect(byKind.get("longest")).toMatchObject({
      starts_at: hour(24).toISOString(),
      ends_at: hour(120).toISOString(),
    });
    for (const offer of offers) await bookOffer(actor, offer);
  });

  it("makes one offer of what is best in several ways", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 1, maxDurationMinutes: 60 });
    const { offers } = await search(actor, {
      pool_ids: [pool.id],
      gpu_count: 1,
      duration_minutes: 60,
      finish_by: hour(3).toISOString(),
      near: T0.toISOString(),
    });
    expect(offers).toHaveLength(1);
    expect(offers[0]).toMatchObject({ kinds: ["as_asked", "nearest", "earliest", "cheapest"], single_node: true });
  });

  it("looks at every open pool of the type, and takes the cheaper of two that are as early", async () => {
    const dear = await createTestPool({ priceMicrosPerGpuHour: 3_000_000n });
    const { gpuTypeId } = dear;
    const cheap = await createTestPool({ gpuTypeId, priceMicrosPerGpuHour: 1_000_000n });
    await createTestPool({ gpuTypeId, priceMicrosPerGpuHour: 1n, open: false });
    const body = { gpu_type: dear.gpuTypeName.toUpperCase(), gpu_count: 8, duration_minutes: 600 };
    const { offers } = await search(actor, body);
    expect(new Set(offers.map(({ pool_id }) => pool_id))).toEqual(new Set([cheap.id]));
    await bookHours(others, cheap.id, [0, 48], { gpu_count: 10 });
    const again = await search(actor, { ...body, finish_by: hour(100).toISOString() });
    expect(again.offers.find(({ kinds }) => kinds.includes("earliest"))?.pool_id).toBe(dear.id);
    expect(again.offers.find(({ kinds }) => kinds.includes("cheapest"))?.pool_id).toBe(cheap.id);
  });

  it("puts offers on one node first when that is preferred, and promises it", async () => {
    const pool = await createTestPool({ nodes: 2, lanes: 4 });
    for (const node of [0, 4]) await fix(pool, node, [0, 24]);
    const { offers } = await search(actor, {
      pool_ids: [pool.id],
      gpu_count: 4,
      duration_minutes: 60,
      topology: "prefer_single_node",
      finish_by: hour(48).toISOString(),
    });
    expect(offers[0]).toMatchObject({ topology: "single_node", single_node: true, starts_at: hour(24).toISOString() });
    const soonest = offers.find(({ topology }) => topology === "any");
    expect(soonest).toMatchObject({ starts_at: T0.toISOString(), single_node: false });
    expect(offers.findIndex(({ topology }) => topology === "any")).toBe(
      offers.filter(({ topology }) => topology === "single_node").length,
    );
    for (const offer of offers) await bookOffer(actor, offer);
  });

  it("rounds to the pool's grid and its shortest booking, and keeps set-up time free", async () => {
    const pool = await createTestPool({
      nodes: 1,
      lanes: 1,
      granularityMinutes: 120,
      minDurationMinutes: 240,
      bufferBeforeMinutes: 30,
      bufferAfterMinutes: 30,
    });
    await bookHours(others, pool.id, [0, 4]);
    const { offers } = await search(actor, { pool_ids: [pool.id], gpu_count: 1, duration_minutes: 61 });
    const earliest = offers.find(({ kinds }) => kinds.includes("earliest"));
    expect(earliest).toMatchObject({ starts_at: hour(6).toISOString(), ends_at: hour(10).toISOString() });
    for (const offer of offers) await bookOffer(actor, offer);
  });

  it.each([
    { pinned: false, earliest: 5 },
    { pinned: true, earliest: 15 },
  ])("knows of a pool of many nodes too whether others can move: pinned $pinned", async ({ pinned, earliest }) => {
    const pool = await createTestPool({ nodes: 40, lanes: 8 });
    // One half is taken first and then the other: enough are free all the time, and no unit is.
    const first = await bookHours(others, pool.id, [5, 25], { gpu_count: 160, pinned });
    await bookHours(others, pool.id, [15, 25], { gpu_count: 160, pinned });
    await update(others, first.id, { version: first.version, ends_at: hour(15).toISOString() });
    const asked = { pool_ids: [pool.id], gpu_count: 8, duration_minutes: 20 * 60, not_before: hour(5).toISOString() };
    const { offers } = await search(actor, asked);
    expect(offers.find(({ kinds }) => kinds.includes("earliest"))?.starts_at).toBe(hour(earliest).toISOString());
    for (const offer of offers) await bookOffer(actor, offer);
  });

  it("has a pool of many nodes laid out whole for who asks a second time", async () => {
    const pool = await createTestPool({ nodes: 40, lanes: 8 });
    await bookHours(others, pool.id, [5, 25], { gpu_count: 8 });
    const asked = { pool_ids: [pool.id], gpu_count: 1, duration_minutes: 60 };
    const kept = async () => keptBoard(await loadPool(db, pool.id), T0);
    await search(actor, asked);
    expect(await kept(), "nobody may ask again").toBeNull();
    await search(actor, asked);
    await vi.waitFor(async () => expect(await kept()).not.toBeNull());
  });

  it("tells what would work when nothing does", async () => {
    const pool = await createTestPool({ nodes: 2, lanes: 4 });
    const { offers, alternatives } = await search(actor, {
      pool_ids: [pool.id],
      gpu_count: 8,
      duration_minutes: 600,
      topology: "single_node",
    });
    expect(offers).toEqual([]);
    expect(alternatives.flatMap(({ kinds }) => kinds)).toEqual(expect.arrayContaining(["any_topology", "fewer"]));
    expect(alternatives.length).toBeLessThanOrEqual(5);
    for (const offer of alternatives) await bookOffer(actor, offer);
  });

  it.each([
    [{ finish_by: hour(-1).toISOString() }, "finish_by"],
    [{ finish_by: hour(5).toISOString() }, "finish_by"],
    [{ finish_by: hour(20).toISOString(), near: hour(21).toISOString() }, "near"],
    [{ pool_ids: ["pool_nowhere"] }, "pool_ids[0]"],
    [{ gpu_type: "Abacus" }, "gpu_type"],
  ])("names what is wrong: %j", async (wrong, field) => {
    await expect(search(actor, { gpu_count: 1, duration_minutes: 600, ...wrong })).rejects.toMatchObject({
      code: "validation_failed",
      errors: [{ field }],
    });
  });

  /** A booking that is pinned to one unit. */
  async function fix(pool: TestPool, unit: number, [from, to]: [number, number]): Promise<void> {
    const booked = await bookHours(others, pool.id, [from, to], { pinned: true });
    await db.allocation.updateMany({
      where: { reservationId: booked.id },
      data: { unitId: pool.units[unit]?.id ?? "" },
    });
  }
});

/** Bookings, maintenance and pinned ones at random, through the service. */
const state = fc.record({
  bookings: fc.array(
    fc.record({
      pool: fc.nat(2),
      from: fc.integer({ min: 0, max: 60 }),
      length: fc.integer({ min: 1, max: 30 }),
      count: fc.constantFrom(1, 1, 2, 3, 4),
      single: fc.boolean(),
      pinned: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
    }),
    { minLength: 5, maxLength: 22 },
  ),
  maintenance: fc.array(fc.record({ pool: fc.nat(2), unit: fc.nat(7), from: fc.integer({ min: 0, max: 60 }) }), {
    maxLength: 2,
  }),
});

const question = fc.record({
  gpu_count: fc.integer({ min: 1, max: 9 }),
  duration_minutes: fc.integer({ min: 30, max: 30 * 60 }),
  from: fc.integer({ min: 0, max: 40 }),
  within: fc.option(fc.integer({ min: 31, max: 80 })),
  near: fc.option(fc.integer({ min: 0, max: 70 })),
  topology: fc.constantFrom("any" as const, "single_node" as const, "prefer_single_node" as const),
});

describe("search and booking agree", () => {
  it("books every offer and every alternative of random searches in random states", async () => {
    const checked = { offers: 0, alternatives: 0, earlier: 0 };
    await fc.assert(
      fc.asyncProperty(state, fc.array(question, { minLength: 2, maxLength: 4 }), async (given, questions) => {
        const actor = await createCustomer();
        const others = await createCustomer();
        const first = await createTestPool({
          nodes: 2,
          lanes: 4,
          reserveUnits: 1,
          bufferAfterMinutes: 30,
          horizonDays: 5,
        });
        const { gpuTypeId } = first;
        const pools = [
          first,
          await createTestPool({ nodes: 4, lanes: 2, gpuTypeId, granularityMinutes: 30, horizonDays: 5 }),
          await createTestPool({
            nodes: 1,
            lanes: 8,
            bufferBeforeMinutes: 60,
            minDurationMinutes: 120,
            horizonDays: 5,
          }),
        ];
        await fill(others, pools, given);
        for (const { from, within, near, ...asked } of questions) {
          const body: z.input<typeof searchBody> = {
            ...asked,
            pool_ids: pools.map(({ id }) => id),
            not_before: hour(from).toISOString(),
            ...(within !== null && { finish_by: hour(from + within).toISOString() }),
            ...(near !== null && { near: hour(Math.min(near, from + (within ?? 100))).toISOString() }),
          };
          const { offers, alternatives } = await search(actor, body);
          for (const offer of [...offers, ...alternatives]) await bookOffer(actor, offer);
          checked.offers += offers.length;
          checked.alternatives += alternatives.length;
          if (
            asked.topology === "any" &&
            !given.bookings.some(({ pinned }) => pinned) &&
            given.maintenance.length === 0
          ) {
            checked.earlier += await nothingEarlier(actor, pools, searchBody.parse(body), offers);
          }
        }
      }),
      { seed: SEED, numRuns: 25, endOnFailure: true },
    );
    // The test must have seen what it is about.
    expect(checked.offers).toBeGreaterThan(100);
    expect(checked.alternatives).toBeGreaterThan(5);
    expect(checked.earlier).toBeGreaterThan(5);
  }, 240_000);
});

async function fill(others: Actor, pools: TestPool[], given: typeof state extends fc.Arbitrary<infer S> ? S : never) {
  for (const { pool, unit, from } of given.maintenance) {
    const at = pools[pool];
    const window = { startsAt: hour(from), endsAt: hour(from + 12) };
    const { id } = await db.maintenance.create({
      data: { id: newId("maintenance"), poolId: at?.id ?? "", reason: "Fans", createdBy: "usr_test", ...window },
    });
    await db.allocation
      .create({
        data: {
          id: newId("allocation"),
          poolId: at?.id ?? "",
          unitId: at?.units[unit]?.id ?? "",
          kind: "maintenance",
          maintenanceId: id,
          ...window,
          blocksFrom: window.startsAt,
          blocksTo: window.endsAt,
        },
      })
      .catch(() => {}); // Two at the same time on one unit: the first stands.
  }
  for (const { pool, from, length, count, single, pinned } of given.bookings) {
    await bookHours(others, pools[pool]?.id ?? "", [from, from + length], {
      gpu_count: count,
      topology: single ? "single_node" : "any",
      pinned,
    }).catch((error: { code?: string }) => {
      if (error.code !== "capacity_unavailable" && error.code !== "validation_failed") throw error;
    });
  }
}

/** Starts before the earliest offer, or anywhere when there is none, are refused. */
async function nothingEarlier(actor: Actor, pools: TestPool[], body: CapacitySearch, offers: Offer[]): Promise<number> {
  const earliest = offers.find(({ kinds }) => kinds.includes("earliest"));
  const until = earliest ? Date.parse(earliest.starts_at) : hour(60).getTime();
  let tried = 0;
  for (const pool of pools) {
    const step = pool.granularityMinutes * 60_000;
    const length = Math.ceil((Math.max(body.duration_minutes, pool.minDurationMinutes) * 60_000) / step) * step;
    for (let from = Math.ceil(Date.parse(body.not_before ?? "") / step) * step; from < until; from += 3 * HOUR_MS) {
      if (body.finish_by !== undefined && from + length > Date.parse(body.finish_by)) break;
      const early = { starts_at: new Date(from).toISOString(), ends_at: new Date(from + length).toISOString() };
      const request = createReservationBody.parse({
        pool_id: pool.id,
        gpu_count: body.gpu_count,
        ...early,
        dry_run: true,
      });
      await expect(createReservation(actor, request, T0)).rejects.toMatchObject({ code: "capacity_unavailable" });
      tried += 1;
    }
  }
  return tried;
}
