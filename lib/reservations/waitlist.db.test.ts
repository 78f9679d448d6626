import { beforeEach, describe, expect, it } from "vitest";
import { POST as ACCEPT } from "@/app/api/v1/projects/[project_id]/waitlist/[entry_id]/accept/route";
import { POST as DECLINE } from "@/app/api/v1/projects/[project_id]/waitlist/[entry_id]/decline/route";
import { DELETE, GET as READ } from "@/app/api/v1/projects/[project_id]/waitlist/[entry_id]/route";
import { GET as LIST, POST } from "@/app/api/v1/projects/[project_id]/waitlist/route";
import type { Actor } from "@/lib/accounts/actor";
import { call, codeOf, createTeam } from "@/lib/accounts/testing";
import type { Reservation } from "@/lib/contracts/reservations";
import { joinWaitlistBody, WAITLIST_LIMITS, type WaitlistEntry } from "@/lib/contracts/waitlist";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { AppError } from "@/lib/errors";
import { createTestPool, type TestPool } from "@/lib/fleet/testing";
import { passTime } from "@/lib/reservations/life-cycle";
import {
  balance,
  bookHours,
  cancel,
  confirm,
  createCustomer,
  eventsOf,
  giveCredits,
  hour,
  T0,
} from "@/lib/reservations/testing";
import { acceptOffer, declineOffer, joinWaitlist, leaveWaitlist } from "@/lib/reservations/waitlist";
import { getWaitlistEntry, listWaitlist } from "@/lib/reservations/waitlist-queries";
import { nothingSeen, sweepWaitlist } from "@/lib/reservations/waitlist-sweep";

const MINUTE = 60_000;
const OFFER_MINUTES = 15;
const later = (minutes: number, from = T0) => new Date(from.getTime() + minutes * MINUTE);

// The line is one for all projects: who waits since an earlier test would be served too.
beforeEach(async () => {
  await db.waitlistEntry.deleteMany();
});

/** A small pool that somebody else has booked out for 48 hours. */
async function fullPool(): Promise<{ pool: TestPool; owner: Actor; booking: Reservation }> {
  const pool = await createTestPool({ nodes: 1, lanes: 4 });
  const owner = await createCustomer();
  return { pool, owner, booking: await bookHours(owner, pool.id, [0, 48], { gpu_count: 4 }) };
}

/** Waits for 4 GPUs for 8 hours within those 48, unless told otherwise. */
const wait = (actor: Actor, pool: TestPool, body: Record<string, unknown> = {}, now = T0) =>
  joinWaitlist(
    actor,
    joinWaitlistBody.parse({
      pool_ids: [pool.id],
      gpu_count: 4,
      duration_minutes: 480,
      finish_by: hour(48).toISOString(),
      ...body,
    }),
    now,
  );

/** A round of a worker that knows nothing yet. */
const sweep = (now = T0) => sweepWaitlist(nothingSeen(), { now });

async function refusal(act: Promise<unknown>): Promise<AppError> {
  const error = await act.catch((thrown: unknown) => thrown);
  if (!(error instanceof AppError)) throw error ?? new Error("It was not refused.");
  return error;
}

const statusOf = async (actor: Actor, { id }: WaitlistEntry, now = T0) =>
  (await getWaitlistEntry(actor, id, now)).status;

describe("an entry of the waiting list", () => {
  it("is offered what becomes free as a held reservation, and an event says so", async () => {
    const { pool, owner, booking } = await fullPool();
    const actor = await createCustomer();
    const entry = await wait(actor, pool);
    expect(entry).toMatchObject({ status: "waiting", offers: 0, offer: null, mine: true, note: null });
    await sweep();
    expect(await statusOf(actor, entry), "nothing is free").toBe("waiting");
    await cancel(owner, booking.id);
    await sweep();
    const offered = await getWaitlistEntry(actor, entry.id, T0);
    expect(offered).toMatchObject({
      status: "offered",
      offers: 1,
      offer: {
        pool_id: pool.id,
        gpu_count: 4,
        starts_at: hour(0).toISOString(),
        ends_at: hour(8).toISOString(),
      },
    });
    const reservation = await db.reservation.findUniqueOrThrow({ where: { id: offered.reservation_id ?? "" } });
    expect(reservation).toMatchObject({ status: "held", projectId: actor.projectId, createdBy: actor.subject.id });
    expect((await balance(actor)).held).toBe(reservation.totalMicros);
    const events = await eventsOf(actor);
    expect(events.map(({ type }) => type)).toEqual(["reservation.created", "reservation.waitlist_offered"]);
    expect(events[1]?.data).toMatchObject({
      reservation_id: reservation.id,
      waitlist_entry_id: entry.id,
      hold_expires_at: reservation.holdExpiresAt?.toISOString(),
    });
  });

  it("holds its offer for as long as the policy says", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 4 });
    const actor = await createCustomer();
    const entry = await wait(actor, pool, { not_before: hour(10).toISOString() });
    await sweep();
    const { offer } = await getWaitlistEntry(actor, entry.id, T0);
    expect(offer).toMatchObject({
      starts_at: hour(10).toISOString(),
      hold_expires_at: later(OFFER_MINUTES).toISOString(),
    });
  });

  it("is accepted, and its reservation is then confirmed", async () => {
    const pool = await createTestPool();
    const actor = await createCustomer();
    const entry = await wait(actor, pool);
    expect((await refusal(acceptOffer(actor, entry.id, T0))).message).toContain("no offer yet");
    await sweep();
    const reservation = await acceptOffer(actor, entry.id, T0);
    expect(reservation.status).toBe("confirmed");
    const accepted = await getWaitlistEntry(actor, entry.id, T0);
    expect(accepted).toMatchObject({ status: "accepted", offer: null, reservation_id: reservation.id });
    for (const act of [acceptOffer, declineOffer, leaveWaitlist]) {
      expect((await refusal(act(actor, entry.id, T0))).code).toBe("conflict");
    }
  });

  it("is accepted as well by confirming the reservation itself", async () => {
    const pool = await createTestPool();
    const actor = await createCustomer();
    const entry = await wait(actor, pool);
    await sweep();
    const { reservation_id } = await getWaitlistEntry(actor, entry.id, T0);
    await confirm(actor, reservation_id ?? "");
    expect(await statusOf(actor, entry), "at once").toBe("accepted");
    await sweep();
    const row = await db.waitlistEntry.findUniqueOrThrow({ where: { id: entry.id } });
    expect([row.status, row.reservationId], "and for good").toEqual(["accepted", reservation_id]);
  });

  it("is not offered the same start in the same pool again once it has declined", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 4 });
    const actor = await createCustomer();
    const entry = await wait(actor, pool);
    await sweep();
    const declined = await declineOffer(actor, entry.id, T0);
    expect(declined).toMatchObject({ status: "waiting", offers: 1, offer: null, reservation_id: null });
    expect(await balance(actor)).toMatchObject({ held: 0n });
    expect(await db.allocation.count({ where: { poolId: pool.id } })).toBe(0);
    await sweep();
    const second = await getWaitlistEntry(actor, entry.id, T0);
    expect(second).toMatchObject({ status: "offered", offers: 2 });
    expect(second.offer?.starts_at).not.toBe(hour(0).toISOString());
  });

  it("waits on when an offer runs out, and is over after the last", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 4 });
    const actor = await createCustomer();
    const entry = await wait(actor, pool, { not_before: hour(10).toISOString() });
    let now = T0;
    for (let offers = 1; offers <= WAITLIST_LIMITS.offers; offers += 1) {
      await sweep(now);
      expect(await getWaitlistEntry(actor, entry.id, now)).toMatchObject({ status: "offered", offers });
      now = later(OFFER_MINUTES + 1, now);
      const last = offers === WAITLIST_LIMITS.offers;
      expect(await statusOf(actor, entry, now), "told before anything is swept").toBe(last ? "expired" : "waiting");
      expect((await refusal(acceptOffer(actor, entry.id, now))).code).toBe("conflict");
      await passTime({ now });
    }
    await sweep(now);
    expect((await db.waitlistEntry.findUniqueOrThrow({ where: { id: entry.id } })).status).toBe("expired");
    expect(await balance(actor)).toMatchObject({ held: 0n });
    expect(await db.reservation.count({ where: { projectId: actor.projectId, status: "expired" } })).toBe(3);
  });

  it("is over when its time has passed, or it can no longer be finished in time", async () => {
    const { pool } = await fullPool();
    const actor = await createCustomer();
    const entry = await wait(actor, pool);
    expect(entry.until, "the latest start").toBe(hour(40).toISOString());
    const short = await wait(actor, pool, { until: hour(2).toISOString() });
    await sweep(hour(2));
    expect(await statusOf(actor, entry, hour(2))).toBe("waiting");
    expect(await statusOf(actor, short, hour(2))).toBe("expired");
    await sweep(hour(40));
    expect(await statusOf(actor, entry, hour(40))).toBe("expired");
  });

  it("leaves the list, with what is held for it", async () => {
    const pool = await createTestPool();
    const actor = await createCustomer();
    const waiting = await wait(actor, pool);
    await leaveWaitlist(actor, waiting.id, T0);
    await sweep();
    expect(await statusOf(actor, waiting)).toBe("cancelled");
    const offered = await wait(actor, pool);
    await sweep();
    await leaveWaitlist(actor, offered.id, T0);
    expect(await statusOf(actor, offered)).toBe("cancelled");
    expect(await balance(actor)).toMatchObject({ held: 0n });
    expect(await db.allocation.count({ where: { poolId: pool.id } })).toBe(0);
    expect((await refusal(leaveWaitlist(actor, offered.id, T0))).code).toBe("conflict");
  });

  it("gets no offer without credits, is told why, and lets the next have it", async () => {
    const { pool, owner, booking } = await fullPool();
    const poor = await createCustomer(10n);
    const rich = await createCustomer();
    const first = await wait(poor, pool);
    const second = await wait(rich, pool);
    await cancel(owner, booking.id);
    await sweep();
    const told = await getWaitlistEntry(poor, first.id, T0);
    expect(told).toMatchObject({ status: "waiting", offers: 0, note: expect.stringContaining("47.6 credits") });
    expect(await balance(poor)).toEqual({ available: 10_000_000n, held: 0n });
    expect(await statusOf(rich, second)).toBe("offered");
    await giveCredits(poor, 100n);
    await declineOffer(rich, second.id, T0);
    await sweep();
    expect(await getWaitlistEntry(poor, first.id, T0)).toMatchObject({ status: "offered", note: null });
  });

  it("is refused when it could never be met, at the limit, and with times that make no sense", async () => {
    const pool = await createTestPool({ nodes: 2, lanes: 4, maxDurationMinutes: 600 });
    const actor = await createCustomer();
    const fieldOf = async (body: Record<string, unknown>) =>
      (await refusal(wait(actor, pool, { finish_by: undefined, ...body }))).errors[0]?.field;
    expect(await fieldOf({ gpu_count: 9 })).toBe("gpu_count");
    expect(await fieldOf({ gpu_count: 5, topology: "single_node" })).toBe("gpu_count");
    expect(await fieldOf({ duration_minutes: 601 })).toBe("duration_minutes");
    expect(await fieldOf({ pool_ids: ["pool_none"] })).toBe("pool_ids[0]");
    expect(await fieldOf({ pool_ids: undefined, gpu_type: "none" })).toBe("gpu_type");
    expect(await fieldOf({ finish_by: hour(4).toISOString() })).toBe("finish_by");
    expect(await fieldOf({ until: hour(-1).toISOString() })).toBe("until");
    expect(await fieldOf({ until: hour(24 * 181).toISOString() })).toBe("until");
    const many = await Promise.allSettled(
      Array.from({ length: WAITLIST_LIMITS.openPerProject + 3 }, () => wait(actor, pool)),
    );
    const refused = many.flatMap((answer) => (answer.status === "rejected" ? [answer.reason.code] : []));
    expect(refused).toEqual(["conflict", "conflict", "conflict"]);
  });
});

/** For one at a time: all GPUs for 48 of 49 hours. */
const WHOLE = { duration_minutes: 48 * 60, finish_by: hour(49).toISOString() };

describe("the line", () => {
  it("serves whoever has waited longest first; who let an offer go stands behind", async () => {
    const { pool, owner, booking } = await fullPool();
    const customers = await Promise.all([1, 2, 3].map(() => createCustomer()));
    const entries: { actor: Actor; entry: WaitlistEntry }[] = [];
    for (const [i, actor] of customers.entries()) {
      // Made in another order than they came: the time counts, not the id.
      entries.push({ actor, entry: await wait(actor, pool, WHOLE, later(-i)) });
    }
    const byAge = entries.toReversed();
    const states = async (now = T0) => Promise.all(byAge.map(({ actor, entry }) => statusOf(actor, entry, now)));
    await cancel(owner, booking.id);
    await sweep();
    expect(await states()).toEqual(["offered", "waiting", "waiting"]);
    const [oldest, second, third] = byAge;
    await declineOffer(oldest?.actor as Actor, oldest?.entry.id ?? "", T0);
    await sweep();
    expect(await states(), "the next in line, not the first again").toEqual(["waiting", "offered", "waiting"]);
    await leaveWaitlist(second?.actor as Actor, second?.entry.id ?? "", T0);
    await sweep();
    expect(await states()).toEqual(["waiting", "cancelled", "offered"]);
    await leaveWaitlist(third?.actor as Actor, third?.entry.id ?? "", T0);
    await sweep();
    expect(await states(), "an hour later than what it declined").toEqual(["offered", "cancelled", "cancelled"]);
  });

  it("lets those pass for whom there is room while a larger one waits", async () => {
    const { pool, owner, booking } = await fullPool();
    const large = await createCustomer();
    const small = await createCustomer();
    const first = await wait(large, pool);
    const second = await wait(small, pool, { gpu_count: 1 });
    await cancel(owner, booking.id);
    await bookHours(owner, pool.id, [0, 48], { gpu_count: 3 });
    await sweep();
    expect([await statusOf(large, first), await statusOf(small, second)]).toEqual(["waiting", "offered"]);
  });

  it("looks again only where something changed, at what is new, and at all of it once a minute", async () => {
    const { pool, owner, booking } = await fullPool();
    const actor = await createCustomer();
    const entry = await wait(actor, pool);
    const seen = nothingSeen();
    expect(await sweepWaitlist(seen, { now: T0 })).toBe(0);
    await cancel(owner, booking.id);
    expect(await sweepWaitlist(seen, { now: later(0.1) }), "the pool changed").toBe(1);
    await leaveWaitlist(actor, entry.id, later(0.1));
    await sweepWaitlist(seen, { now: later(0.2) });
    await wait(actor, pool, {}, later(0.3));
    expect(await sweepWaitlist(seen, { now: later(0.3) }), "the entry is new").toBe(1);

    const closed = await createTestPool();
    await wait(actor, closed, {}, later(0.4));
    await db.pool.update({ where: { id: closed.id }, data: { open: false } });
    expect(await sweepWaitlist(seen, { now: later(0.4) })).toBe(0);
    await db.pool.update({ where: { id: closed.id }, data: { open: true } });
    expect(await sweepWaitlist(seen, { now: later(0.5) }), "opening changes no allocation").toBe(0);
    expect(await sweepWaitlist(seen, { now: later(1.1) }), "but is noticed within a minute").toBe(1);
  });

  it("is worked through by one worker at a time", async () => {
    const pool = await createTestPool({ nodes: 1, lanes: 4 });
    const customers = await Promise.all(Array.from({ length: 6 }, () => createCustomer()));
    for (const [i, actor] of customers.entries()) await wait(actor, pool, WHOLE, later(i - 10));
    const rounds = await Promise.all(Array.from({ length: 8 }, () => sweep()));
    // There is room for one offer; those that found another at work did nothing.
    expect(rounds.reduce<number>((sum, offers) => sum + (offers ?? 0), 0)).toBe(1);
    expect(await db.reservation.count({ where: { poolId: pool.id, status: "held" } })).toBe(1);
    const offered = await db.waitlistEntry.findFirstOrThrow({ where: { status: "offered" }, orderBy: { id: "desc" } });
    expect(offered.projectId, "the first in line").toBe(customers[0]?.projectId);
  });

  it("waits for the worker that is at it, and goes on when that one has died", async () => {
    const actor = await createCustomer();
    const entry = await wait(actor, await createTestPool());
    const other = await pool().connect();
    await other.query("BEGIN");
    await other.query("SELECT pg_advisory_xact_lock(hashtextextended('waiting list', 0))");
    expect(await sweep()).toBeUndefined();
    expect(await statusOf(actor, entry)).toBe("waiting");
    other.release(new Error("It died."));
    await expect.poll(() => sweep()).toBe(1);
    expect(await statusOf(actor, entry)).toBe("offered");
  });

  it("does not exist for other projects", async () => {
    const pool = await createTestPool();
    const actor = await createCustomer();
    const stranger = await createCustomer();
    const entry = await wait(actor, pool);
    await sweep();
    for (const act of [acceptOffer, declineOffer, leaveWaitlist, getWaitlistEntry]) {
      expect((await refusal(act(stranger, entry.id, T0))).code).toBe("not_found");
    }
    expect((await listWaitlist(stranger, { limit: 10 }, T0)).data).toEqual([]);
    expect((await listWaitlist(actor, { limit: 10, open: "true" }, T0)).data.map(({ id }) => id)).toEqual([entry.id]);
    expect((await listWaitlist(actor, { limit: 10, open: "false" }, T0)).data).toEqual([]);
  });
});

describe("over HTTP", () => {
  it("is joined once per key, read, answered and left; viewers only look", async () => {
    const team = await createTeam();
    await giveCredits({ projectId: team.projectId } as Actor, 1000n, { now: new Date() });
    const pool = await createTestPool({ nodes: 1, lanes: 1 });
    const params = { project_id: team.projectId };
    const body = { pool_ids: [pool.id], gpu_count: 1, duration_minutes: 60 };
    const { headers } = team.member;
    const keyed = { ...headers, "idempotency-key": crypto.randomUUID() };
    const refused = await call(POST, { method: "POST", params, headers: team.viewer.headers, body });
    expect(codeOf(refused)).toBe("forbidden");
    const made = await call(POST, { method: "POST", params, headers: keyed, body });
    const again = await call(POST, { method: "POST", params, headers: keyed, body });
    expect([made.status, again.status]).toEqual([201, 201]);
    const { id } = made.body as WaitlistEntry;
    expect((again.body as WaitlistEntry).id).toBe(id);
    const one = { ...params, entry_id: id };
    const early = await call(ACCEPT, { method: "POST", params: one, headers });
    expect([early.status, codeOf(early)]).toEqual([409, "conflict"]);
    await sweep(new Date());
    const shown = await call(READ, { method: "GET", params: one, headers: team.viewer.headers });
    expect((shown.body as WaitlistEntry).status).toBe("offered");
    const declined = await call(DECLINE, { method: "POST", params: one, headers });
    expect([declined.status, (declined.body as WaitlistEntry).status]).toEqual([200, "waiting"]);
    await sweep(new Date());
    const accepted = await call(ACCEPT, { method: "POST", params: one, headers });
    expect([accepted.status, (accepted.body as Reservation).status]).toEqual([200, "confirmed"]);
    const over = await call(DELETE, { method: "DELETE", params: one, headers });
    expect([over.status, codeOf(over)]).toEqual([409, "conflict"]);
    const second = await call(POST, { method: "POST", params, headers, body });
    const left = await call(DELETE, {
      method: "DELETE",
      params: { ...params, entry_id: (second.body as WaitlistEntry).id },
      headers,
    });
    expect(left.status).toBe(204);
    const list = await call(LIST, { method: "GET", params, headers: team.viewer.headers });
    expect((list.body as { data: WaitlistEntry[] }).data.map(({ status }) => status)).toEqual([
      "cancelled",
      "accepted",
    ]);
    await db.project.update({ where: { id: team.projectId }, data: { plan: "free" } });
    expect(codeOf(await call(POST, { method: "POST", params, headers, body }))).toBe("plan_required");
  });
});
