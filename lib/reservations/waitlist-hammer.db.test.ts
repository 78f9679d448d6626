import { expect, it } from "vitest";
import type { Actor } from "@/lib/accounts/actor";
import { joinWaitlistBody } from "@/lib/contracts/waitlist";
import { auditLedger } from "@/lib/credits/testing";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";
import { createTestPool } from "@/lib/fleet/testing";
import { balance, bookHours, cancel, createCustomer, hour, T0 } from "@/lib/reservations/testing";
import { acceptOffer, declineOffer, joinWaitlist, leaveWaitlist } from "@/lib/reservations/waitlist";
import { nothingSeen, sweepWaitlist } from "@/lib/reservations/waitlist-sweep";

const SEED = 20_261_122;

/** Repeatable: mulberry32. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** What may happen while everybody does something at once: somebody was faster, or too many wait for the pool. */
const FINE = new Set(["capacity_unavailable", "conflict", "version_conflict", "unavailable", "not_found"]);

async function attempt(act: Promise<unknown>): Promise<void> {
  await act.catch((error: unknown) => {
    if (!(error instanceof AppError) || !FINE.has(error.code)) throw error;
  });
}

it("offers what is released and books nothing twice, whatever everybody does at once", async () => {
  const random = randomOf(SEED);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const pool = await createTestPool({ nodes: 2, lanes: 4 });
  const customers = await Promise.all(Array.from({ length: 6 }, () => createCustomer()));
  const join = (actor: Actor) =>
    joinWaitlist(
      actor,
      joinWaitlistBody.parse({
        pool_ids: [pool.id],
        gpu_count: 1 + Math.floor(random() * 4),
        duration_minutes: 60 * (1 + Math.floor(random() * 6)),
        finish_by: hour(24).toISOString(),
      }),
      T0,
    );

  const act = async (): Promise<unknown> => {
    const actor = pick(customers);
    const own = await db.reservation.findMany({
      where: { projectId: actor.projectId, status: { in: ["held", "confirmed"] } },
      select: { id: true },
    });
    const entries = await db.waitlistEntry.findMany({
      where: { projectId: actor.projectId, status: { in: ["waiting", "offered"] } },
      select: { id: true },
    });
    const dice = random();
    if (dice < 0.25) return join(actor);
    if (dice < 0.4) {
      const from = Math.floor(random() * 20);
      return bookHours(actor, pool.id, [from, from + 4], { gpu_count: 2 });
    }
    if (dice < 0.6 && own.length > 0) return cancel(actor, pick(own).id);
    if (dice < 0.75 && entries.length > 0) return acceptOffer(actor, pick(entries).id, T0);
    if (dice < 0.82 && entries.length > 0) return declineOffer(actor, pick(entries).id, T0);
    if (dice < 0.87 && entries.length > 0) return leaveWaitlist(actor, pick(entries).id, T0);
    return sweepWaitlist(nothingSeen(), { now: T0 });
  };

  for (let round = 0; round < 25; round += 1) {
    await Promise.all(Array.from({ length: 8 }, () => attempt(act())));
  }
  await sweepWaitlist(nothingSeen(), { now: T0 });

  // What every unit blocks does not overlap, and every open reservation has all of its GPUs all of the time.
  const overlaps = await db.$queryRaw<unknown[]>`
    SELECT a.id FROM allocation a JOIN allocation b ON a.unit_id = b.unit_id AND a.id < b.id
       AND a.blocks_from < b.blocks_to AND b.blocks_from < a.blocks_to`;
  expect(overlaps).toEqual([]);
  const rows = await db.reservation.findMany({ where: { poolId: pool.id }, include: { allocations: true } });
  for (const row of rows) {
    const isOpen = row.status === "held" || row.status === "confirmed";
    const units = new Set(row.allocations.map(({ unitId }) => unitId));
    expect([row.status, units.size]).toEqual([row.status, isOpen ? row.gpuCount : 0]);
  }
  // An offer that stands is one held reservation of the same project, and no reservation is offered twice.
  const offered = await db.waitlistEntry.findMany({ where: { status: "offered" } });
  for (const { reservationId, projectId } of offered) {
    expect(rows.find(({ id }) => id === reservationId)).toMatchObject({ projectId, status: "held" });
  }
  expect(new Set(offered.map(({ reservationId }) => reservationId)).size).toBe(offered.length);
  // Nothing is held without an offer: all other bookings of this test are confirmed at once.
  const held = rows.filter(({ status }) => status === "held").map(({ id }) => id);
  expect(held.toSorted()).toEqual(offered.map(({ reservationId }) => reservationId).toSorted());
  expect(offered.length + (await db.waitlistEntry.count({ where: { status: "accepted" } }))).toBeGreaterThan(0);
  for (const actor of customers) {
    const due = rows
      .filter(({ projectId, status }) => projectId === actor.projectId && (status === "held" || status === "confirmed"))
      .reduce((sum, { totalMicros }) => sum + totalMicros, 0n);
    expect((await balance(actor)).held).toBe(due);
  }
  expect(await auditLedger()).toEqual([]);
}, 120_000);
