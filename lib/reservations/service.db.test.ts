import { beforeEach, describe, expect, it } from "vitest";
import { PATCH } from "@/app/api/v1/projects/[project_id]/reservations/[reservation_id]/route";
import { POST } from "@/app/api/v1/projects/[project_id]/reservations/route";
import { call, codeOf, createKey } from "@/lib/accounts/testing";
import type { Problem } from "@/lib/contracts/problem";
import type { Reservation } from "@/lib/contracts/reservations";
import { createReservationBody } from "@/lib/contracts/reservations";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { createTestPool, type TestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import { getReservation, listReservations } from "@/lib/reservations/queries";
import { CapacityRefused } from "@/lib/reservations/refusal";
import { bookInTx } from "@/lib/reservations/service";
import {
  balance,
  bookHours,
  CREDIT,
  cancel,
  createCustomer,
  eventsOf,
  HOUR_MS,
  hour,
  T0,
  update,
} from "@/lib/reservations/testing";
import { createTestProject, testActor } from "@/lib/webhooks/testing";

const iso = (hours: number) => hour(hours).toISOString();

/** The whole hour that comes, as the clock goes: what goes through HTTP is judged by the database's. */
const soon = (hours: number) => new Date(Math.ceil(Date.now() / HOUR_MS) * HOUR_MS + hours * HOUR_MS).toISOString();

describe("over HTTP", () => {
  let pool: TestPool;
  beforeEach(async () => {
    pool = await createTestPool({ nodes: 1, lanes: 8 });
  });

  async function customer() {
    const actor = await createCustomer(10_000n, new Date());
    const { headers } = await createKey(actor.projectId, ["reservations:read", "reservations:write"]);
    const post = (body: object, extra: Record<string, string> = {}) =>
      call(POST, { method: "POST", params: { project_id: "default" }, body, headers: { ...headers, ...extra } });
    const patch = (id: string, body: object) =>
      call(PATCH, { method: "PATCH", params: { project_id: "default", reservation_id: id }, body, headers });
    return { actor, post, patch };
  }
  const body = (extra: object = {}) => ({
    pool_id: pool.id,
    gpu_count: 2,
    starts_at: soon(24),
    ends_at: soon(48),
    ...extra,
  });

  it("books once per Idempotency-Key, also when both come at once", async () => {
    const { actor, post } = await customer();
    const first = await post(body(), { "idempotency-key": "one" });
    const again = await post(body(), { "idempotency-key": "one" });
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    const both = await Promise.all([
      post(body(), { "idempotency-key": "two" }),
      post(body(), { "idempotency-key": "two" }),
    ]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, expect.toSatisfy((s) => s === 201 || s === 409)]);
    expect(await db.reservation.count({ where: { projectId: actor.projectId } })).toBe(2);
  });

  it("answers 200 to a dry run and 409 with alternatives to what does not fit", async () => {
    const { actor, post } = await customer();
    const preview = await post(body({ dry_run: true }));
    expect(preview).toMatchObject({ status: 200, body: { dry_run: true, reservation: { id: null } } });
    expect((await post(body({ gpu_count: 6 }))).status).toBe(201);
    const refused = await post(body({ gpu_count: 4 }));
    expect([refused.status, codeOf(refused)]).toEqual([409, "capacity_unavailable"]);
    const problem = refused.body as Problem;
    expect(problem.earliest_starts_at).toBe(soon(48));
    expect(problem.alternatives?.length).toBeGreaterThanOrEqual(2);
    expect(problem.blockers?.map(({ kind }) => kind)).toContain("mine");
    // Every one of them can be booked as it stands.
    for (const { pool_id, gpu_count, starts_at, ends_at, segments, topology } of problem.alternatives ?? []) {
      const place = segments.length > 1 ? { segments } : { gpu_count, starts_at, ends_at };
      const taken = await post({ pool_id, topology, ...place, dry_run: true });
      expect(taken.status).toBe(200);
    }
    expect(await db.reservation.count({ where: { projectId: actor.projectId } })).toBe(1);
  });

  it("does not tell others' bookings", async () => {
    const [one, two] = [await customer(), await customer()];
    const booked = await one.post(body({ gpu_count: 8, title: "Secret" }));
    const refused = await two.post(body());
    expect(JSON.stringify(refused.body)).not.toContain((booked.body as Reservation).id);
    expect(JSON.stringify(refused.body)).not.toContain("Secret");
    expect((await two.patch((booked.body as Reservation).id, { version: 1, title: "Mine" })).status).toBe(404);
  });

  it("wants the version with every change", async () => {
    const { post, patch } = await customer();
    const { id } = (await post(body())).body as Reservation;
    const refused = await patch(id, { title: "x" });
    expect(refused).toMatchObject({ status: 422, body: { errors: [{ field: "version" }] } });
  });

  it.each<[string, () => object, string[]]>([
    ["an end before the start", () => ({ ends_at: soon(12) }), ["ends_at"]],
    ["times off the grid", () => ({ starts_at: soon(24.5) }), ["starts_at"]],
    ["the past", () => ({ starts_at: soon(-48), ends_at: soon(-24) }), ["starts_at"]],
    ["beyond the horizon", () => ({ starts_at: soon(24 * 100), ends_at: soon(24 * 101) }), ["ends_at"]],
    ["no GPUs", () => ({ gpu_count: 0 }), ["gpu_count"]],
    ["absurdly many GPUs", () => ({ gpu_count: 5000 }), ["gpu_count"]],
    ["a time without an offset", () => ({ starts_at: "2027-01-01T00:00:00" }), ["starts_at"]],
    ["an unknown pool", () => ({ pool_id: "pool_x" }), ["pool_id"]],
    ["a pool and a type", () => ({ gpu_type: "H100" }), ["gpu_type"]],
    ["an unknown quote", () => ({ quote_id: "qte_x" }), ["quote_id"]],
    ["too many on one node", () => ({ gpu_count: 9, topology: "single_node" }), ["gpu_count"]],
    [
      "both times and segments",
      () => ({ segments: [{ starts_at: soon(1), ends_at: soon(2), gpu_count: 1 }] }),
      ["starts_at", "ends_at", "gpu_count"],
    ],
  ])("names what is wrong with %s, and writes nothing", async (_name, change, fields) => {
    const { actor, post } = await customer();
    const refused = await post(body(change()));
    expect(refused.status).toBe(422);
    expect((refused.body as Problem).errors.map(({ field }) => field)).toEqual(fields);
    expect(await db.reservation.count({ where: { projectId: actor.projectId } })).toBe(0);
  });
});

describe("who may", () => {
  it("needs the premium plan to book, change and confirm, but not to look or to cancel", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const { id } = await bookHours(actor, pool.id, [24, 48]);
    await db.project.update({ where: { id: actor.projectId }, data: { plan: "free" } });
    await expect(bookHours(actor, pool.id, [24, 48])).rejects.toMatchObject({ code: "plan_required" });
    await expect(update(actor, id, { version: 1, ends_at: iso(60) })).rejects.toMatchObject({ code: "plan_required" });
    expect(await getReservation(actor, id)).toMatchObject({ id });
    expect(await cancel(actor, id)).toMatchObject({ status: "cancelled" });
  });

  it("lets viewers look and nothing else", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const { id } = await bookHours(actor, pool.id, [24, 48]);
    const viewer = testActor(actor.projectId, "viewer");
    await expect(bookHours(viewer, pool.id, [24, 48])).rejects.toMatchObject({ code: "forbidden" });
    await expect(cancel(viewer, id)).rejects.toMatchObject({ code: "forbidden" });
    expect(await getReservation(viewer, id)).toMatchObject({ mine: false, created_by: { id: actor.subject.id } });
  });

  it("does not know the reservations of other projects", async () => {
    const [actor, other] = [await createCustomer(), await createTestProject()];
    const pool = await createTestPool();
    const { id } = await bookHours(actor, pool.id, [24, 48]);
    await expect(getReservation(other, id)).rejects.toMatchObject({ code: "not_found" });
    await expect(cancel(other, id)).rejects.toMatchObject({ code: "not_found" });
    expect((await listReservations(other, { limit: 9 })).data).toEqual([]);
  });
});

describe("a GPU type", () => {
  it("is booked in its cheapest pool that has room", async () => {
    const actor = await createCustomer();
    const cheap = await createTestPool({ nodes: 1, lanes: 1, priceMicrosPerGpuHour: 1_000_000n });
    const dear = await createTestPool({
      nodes: 1,
      lanes: 2,
      priceMicrosPerGpuHour: 3_000_000n,
      gpuTypeId: cheap.gpuTypeId,
    });
    const times = { starts_at: iso(24), ends_at: iso(48), gpu_count: 1, gpu_type: cheap.gpuTypeName };
    expect(await bookHours(actor, "", [0, 0], times)).toMatchObject({ pool_id: cheap.id });
    expect(await bookHours(actor, "", [0, 0], times)).toMatchObject({ pool_id: dear.id });
    await expect(bookHours(actor, "", [0, 0], { ...times, gpu_count: 2 })).rejects.toMatchObject({
      code: "capacity_unavailable",
    });
  });
});

describe("a quote", () => {
  it("gives its price once, to the booking that it is for, while it stands", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const { price } = await bookHours(actor, pool.id, [100, 110]);
    const quote = await db.quote.create({
      data: {
        id: newId("quote"),
        projectId: actor.projectId,
        createdBy: actor.subject.id,
        poolId: pool.id,
        gpuCount: 1,
        topology: "any",
        startsAt: hour(100),
        endsAt: hour(110),
        price: { ...price, total_micros: 17_000_000 },
        totalMicros: 17_000_000n,
        expiresAt: hour(0.25),
      },
    });
    const of = { quote_id: quote.id, gpu_count: 1, starts_at: iso(100), ends_at: iso(110) };
    await db.pool.update({ where: { id: pool.id }, data: { priceMicrosPerGpuHour: 9_000_000n } });
    await expect(bookHours(actor, "", [0, 0], { ...of, gpu_count: 2, ends_at: iso(111) })).rejects.toMatchObject({
      code: "validation_failed",
      errors: [{ field: "ends_at" }, { field: "gpu_count" }],
    });
    await expect(bookHours(actor, "", [0, 0], of, hour(0.25))).rejects.toMatchObject({ code: "quote_expired" });
    const booked = await bookHours(actor, "", [0, 0], of);
    expect(booked).toMatchObject({ quote_id: quote.id, price: { total_micros: 17_000_000 } });
    await expect(bookHours(actor, "", [0, 0], of)).rejects.toMatchObject({ code: "quote_expired" });
  });
});

describe("all or nothing", () => {
  /** What each step of a booking writes to; a trigger makes the write fail. */
  it.each(["reservation", "allocation", "pool_usage", "ledger_entry", "credit_hold", "reservation_change", "event"])(
    "leaves nothing behind when writing %s fails",
    async (table) => {
      const actor = await createCustomer(1000n);
      const pool = await createTestPool();
      const standing = await bookHours(actor, pool.id, [24, 48], { gpu_count: 2 });
      const counts = async () => [
        await db.reservation.findMany({ where: { projectId: actor.projectId } }),
        await db.allocation.findMany({ where: { poolId: pool.id }, orderBy: { id: "asc" } }),
        await db.reservationChange.count({ where: { projectId: actor.projectId } }),
        await balance(actor),
        await eventsOf(actor),
      ];
      const before = await counts();
      await db.$executeRawUnsafe(
        `CREATE FUNCTION fail_${table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken'; END $$`,
      );
      await db.$executeRawUnsafe(
        `CREATE TRIGGER fail BEFORE INSERT OR UPDATE OR DELETE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION fail_${table}()`,
      );
      try {
        await expect(bookHours(actor, pool.id, [24, 48])).rejects.toThrow();
        await expect(update(actor, standing.id, { version: 1, ends_at: iso(72), gpu_count: 3 })).rejects.toThrow();
        await expect(cancel(actor, standing.id)).rejects.toThrow();
        expect(await counts()).toEqual(before);
      } finally {
        await db.$executeRawUnsafe(`DROP FUNCTION fail_${table} CASCADE`);
      }
      await expect(cancel(actor, standing.id)).resolves.toMatchObject({ status: "cancelled" });
    },
  );
});

describe("booking in a transaction of the caller's", () => {
  it("leaves it usable when one does not fit", async () => {
    const actor = await createCustomer(1000n);
    const pool = await createTestPool({ nodes: 1, lanes: 1 });
    const ask = (from: number) =>
      createReservationBody.parse({ pool_id: pool.id, gpu_count: 1, starts_at: iso(from), ends_at: iso(from + 10) });
    const made = await transaction(async (tx) => {
      const rows: string[] = [];
      for (const from of [10, 15, 20, 30]) {
        await bookInTx(tx, actor, ask(from), { now: T0 }).then(
          (row) => rows.push(row.startsAt.toISOString()),
          (error) => {
            if (!(error instanceof CapacityRefused)) throw error;
          },
        );
      }
      return rows;
    });
    expect(made).toEqual([iso(10), iso(20), iso(30)]);
    expect(await balance(actor)).toEqual({ available: 946n * CREDIT, held: 54n * CREDIT });
  });
});
