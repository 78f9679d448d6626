import fc from "fast-check";
import { expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { joinWaitlistBody, WAITLIST_LIMITS, type WaitlistStatus } from "@/lib/contracts/waitlist";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";
import { createTestPool, type TestPool } from "@/lib/fleet/testing";
import type { WaitlistEntry as EntryRow } from "@/lib/generated/prisma/client";
import { passTime } from "@/lib/reservations/life-cycle";
import { bookHours, cancel, confirm, createCustomer, hour, T0 } from "@/lib/reservations/testing";
import { acceptOffer, declineOffer, joinWaitlist, leaveWaitlist } from "@/lib/reservations/waitlist";
import { nothingSeen, sweepWaitlist } from "@/lib/reservations/waitlist-sweep";

/**
 * The life of an entry of the waiting list, whatever those who wait, those who book and time do, in any order and at once.
 * MODEL_RUNS makes it longer.
 */
const RUNS = Number(process.env.MODEL_RUNS ?? 12);

/** From which status which others can be reached, by however many steps. */
const REACHABLE: Readonly<Record<WaitlistStatus, readonly WaitlistStatus[]>> = {
  waiting: ["waiting", "offered", "accepted", "expired", "cancelled"],
  offered: ["waiting", "offered", "accepted", "expired", "cancelled"],
  accepted: ["accepted"],
  expired: ["expired"],
  cancelled: ["cancelled"],
};

const deed = fc.constantFrom("accept", "decline", "leave", "confirm", "give up the booking");
const happening = fc.oneof(
  { weight: 3, arbitrary: fc.record({ what: fc.constant("sweep") } as const) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("wait"), minutes: fc.constantFrom(1, 5, 16, 60) } as const) },
  { weight: 1, arbitrary: fc.record({ what: fc.constantFrom("others leave", "others book") } as const) },
  {
    weight: 4,
    arbitrary: fc.record({
      what: fc.constant("act"),
      n: fc.nat({ max: 2 }),
      at_once: fc.array(deed, { minLength: 1, maxLength: 2 }),
    } as const),
  },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;
type World = { pool: TestPool; owner: Actor; entries: { id: string; actor: Actor }[]; now: Date };

async function newWorld(): Promise<World> {
  await db.waitlistEntry.deleteMany();
  const pool = await createTestPool({ nodes: 1, lanes: 4 });
  const owner = await createCustomer();
  // Room for one of them at first, for two where the first one leaves.
  await bookHours(owner, pool.id, [19, 48], { gpu_count: 4 });
  const entries: World["entries"] = [];
  for (const gpus of [4, 2, 2]) {
    const actor = await createCustomer();
    const times = { not_before: hour(8).toISOString(), duration_minutes: 480, finish_by: hour(48).toISOString() };
    const body = { pool_ids: [pool.id], gpu_count: gpus, ...times };
    const { id } = await joinWaitlist(actor, joinWaitlistBody.parse(body), T0);
    entries.push({ id, actor });
  }
  return { pool, owner, entries, now: T0 };
}

async function does({ entries, now }: World, n: number, deed: string): Promise<unknown> {
  const { id, actor } = entries[n] as World["entries"][number];
  const { reservationId } = await db.waitlistEntry.findUniqueOrThrow({ where: { id } });
  switch (deed) {
    case "accept":
      return acceptOffer(actor, id, now);
    case "decline":
      return declineOffer(actor, id, now);
    case "leave":
      return leaveWaitlist(actor, id, now);
    case "confirm":
      return reservationId && confirm(actor, reservationId, now);
    default:
      return reservationId && cancel(actor, reservationId, {}, now);
  }
}

async function happens(world: World, one: Happening): Promise<void> {
  const { pool, owner, now } = world;
  switch (one.what) {
    case "sweep":
      await sweepWaitlist(nothingSeen(), { now });
      return;
    case "wait":
      world.now = new Date(now.getTime() + one.minutes * 60_000);
      await passTime({ now: world.now });
      return;
    case "others book":
      await refusable(bookHours(owner, pool.id, [8, 16], { gpu_count: 4 }, now));
      return;
    case "others leave": {
      const open = { projectId: owner.projectId, status: { in: ["confirmed", "active"] } };
      for (const { id } of await db.reservation.findMany({ where: open })) await refusable(cancel(owner, id, {}, now));
      return;
    }
    case "act":
      await Promise.all(one.at_once.map((deed) => refusable(does(world, one.n, deed))));
      return;
  }
}

async function refusable(act: Promise<unknown>): Promise<void> {
  await act.catch((error: unknown) => {
    if (!(error instanceof AppError)) throw error;
  });
}

/** No step that is none, no more offers than there may be, and each offer a reservation of its own. */
async function lookAround({ entries }: World, before: Map<string, EntryRow>): Promise<void> {
  const rows = await db.waitlistEntry.findMany({ where: { id: { in: entries.map(({ id }) => id) } } });
  for (const row of rows) {
    const was = before.get(row.id);
    const from = (was?.status ?? "waiting") as WaitlistStatus;
    expect(REACHABLE[from], `${from} to ${row.status}`).toContain(row.status);
    if (REACHABLE[from].length === 1) expect(row).toEqual(was);
    expect(row.offers).toBeGreaterThanOrEqual(was?.offers ?? 0);
    expect(row.offers).toBeLessThanOrEqual(WAITLIST_LIMITS.offers);
    if (row.status === "offered" || row.status === "accepted") expect(row.reservationId).not.toBeNull();
    before.set(row.id, row);
  }
  const held = rows.flatMap(({ reservationId }) => reservationId ?? []);
  expect(new Set(held).size).toBe(held.length);
}

it("an entry ends once and for good, with the one reservation that it accepted or with none", async () => {
  const ends = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 10, maxLength: 30 }), async (all) => {
      const world = await newWorld();
      const before = new Map<string, EntryRow>();
      for (const one of all) {
        await happens(world, one);
        await lookAround(world, before);
      }
      world.now = hour(60);
      await passTime({ now: world.now });
      for (let i = 0; i <= WAITLIST_LIMITS.offers; i += 1) await sweepWaitlist(nothingSeen(), { now: world.now });
      await lookAround(world, before);
      for (const { id, actor } of world.entries) {
        const entry = before.get(id);
        expect(["accepted", "expired", "cancelled"]).toContain(entry?.status);
        ends.set(entry?.status ?? "", (ends.get(entry?.status ?? "") ?? 0) + 1);
        // Nobody has a booking besides the one that was accepted.
        const kept = await db.reservation.findMany({
          where: { projectId: actor.projectId, status: { in: ["confirmed", "active", "completed"] } },
        });
        if (kept.length > 0) expect(entry).toMatchObject({ status: "accepted", reservationId: kept[0]?.id });
        expect(kept.length).toBeLessThanOrEqual(1);
        expect(await db.reservation.count({ where: { projectId: actor.projectId, status: "held" } })).toBe(0);
      }
    }),
    { numRuns: RUNS, endOnFailure: process.env.MODEL_SHRINK === undefined },
  );
  if (process.env.MODEL_RUNS) process.stdout.write(`${JSON.stringify([...ends])}\n`);
  expect(ends.get("accepted") ?? 0).toBeGreaterThan(0);
}, 600_000);
