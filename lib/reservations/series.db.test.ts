import { describe, expect, it } from "vitest";
import { POST as CANCEL } from "@/app/api/v1/projects/[project_id]/reservation-series/[series_id]/cancel/route";
import { GET as GET_ONE } from "@/app/api/v1/projects/[project_id]/reservation-series/[series_id]/route";
import { GET as LIST, POST } from "@/app/api/v1/projects/[project_id]/reservation-series/route";
import type { Actor } from "@/lib/accounts/actor";
import { call, codeOf, createTeam } from "@/lib/accounts/testing";
import {
  type CancelSeriesPreview,
  cancelSeries as cancelOperation,
  createSeriesBody,
  type SeriesDetail,
  type SeriesPreview,
} from "@/lib/contracts/series";
import { auditLedger } from "@/lib/credits/testing";
import { db } from "@/lib/db/client";
import { AppError } from "@/lib/errors";
import { createTestPool, type TestPool } from "@/lib/fleet/testing";
import { createSeries } from "@/lib/reservations/series";
import { cancelSeries } from "@/lib/reservations/series-cancel";
import { getSeries, listSeries } from "@/lib/reservations/series-queries";
import {
  balance,
  bookHours,
  CREDIT,
  createCustomer,
  eventsOf,
  giveCredits,
  hour,
  T0,
} from "@/lib/reservations/testing";

type Body = {
  template?: Record<string, unknown>;
  rule?: Record<string, unknown>;
  skip_conflicts?: boolean;
};

/** Four GPUs from 9 to 17 on the four days from 2 March 2027 on, unless told otherwise. */
function bodyOf(pool: TestPool, { template, rule, ...rest }: Body = {}, dry_run = false) {
  return createSeriesBody.parse({
    template: {
      pool_id: pool.id,
      gpu_count: 4,
      starts_at: hour(33).toISOString(),
      ends_at: hour(41).toISOString(),
      ...template,
    },
    rule: { frequency: "daily", count: 4, time_zone: "Europe/Berlin", ...rule },
    ...rest,
    dry_run,
  });
}

const preview = async (actor: Actor, pool: TestPool, body: Body = {}): Promise<SeriesPreview> =>
  (await createSeries(actor, bodyOf(pool, body, true), T0)) as SeriesPreview;

const book = async (actor: Actor, pool: TestPool, body: Body = {}): Promise<SeriesDetail> =>
  (await createSeries(actor, bodyOf(pool, body), T0)) as SeriesDetail;

async function refusal(act: Promise<unknown>): Promise<AppError> {
  const error = await act.catch((thrown: unknown) => thrown);
  if (!(error instanceof AppError)) throw error ?? new Error("It was not refused.");
  return error;
}

const countsOf = async ({ projectId }: Actor) => ({
  series: await db.reservationSeries.count({ where: { projectId } }),
  reservations: await db.reservation.count({ where: { projectId } }),
  allocations: await db.allocation.count({ where: { reservation: { projectId } } }),
  ledger: await db.ledgerTransaction.count({ where: { projectId } }),
});

/** The price of one occurrence: 4 GPUs, 8 hours, 2 credits an hour, 10 % off. */
const PRICE = 57_600_000;

describe("booking a series", () => {
  it("books what its preview says, all of it, each at its price", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const before = await countsOf(actor);
    const shown = await preview(actor, pool);
    expect(await countsOf(actor), "a preview leaves nothing").toEqual(before);
    expect(await eventsOf(actor)).toEqual([]);
    expect(shown).toMatchObject({ bookable: 4, would_book: 4, total_micros: 4 * PRICE, shortfall_micros: 0 });
    expect(shown.available_after_micros).toBe(Number(1_000_000n * CREDIT) - 4 * PRICE);

    const made = await book(actor, pool);
    expect(made.reservations.map(({ starts_at, ends_at, price }) => [starts_at, ends_at, price.total_micros])).toEqual(
      shown.occurrences.map(({ starts_at, ends_at, price }) => [starts_at, ends_at, price?.total_micros]),
    );
    expect(made).toMatchObject({ reservation_count: 4, total_micros: shown.total_micros, skipped: [], mine: true });
    expect(made.by_status).toMatchObject({ confirmed: 4, cancelled: 0 });
    expect(made.reservations.every(({ series_id, status }) => series_id === made.id && status === "confirmed")).toBe(
      true,
    );
    expect(await balance(actor)).toEqual({
      available: BigInt(shown.available_after_micros),
      held: BigInt(shown.total_micros),
    });
    const types = (await eventsOf(actor)).map(({ type }) => type);
    expect(types.filter((type) => type === "reservation.created")).toHaveLength(4);
    expect(types.filter((type) => type === "reservation.confirmed")).toHaveLength(4);
    expect(await getSeries(actor, made.id)).toEqual(made);
    expect((await listSeries(actor, { limit: 10 })).data.map(({ id }) => id)).toEqual([made.id]);
  });

  it("keeps the time of day over a change of clocks, and says so", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const rule = { frequency: "weekly", weekdays: ["su"], count: 2 };
    // Clocks in Berlin go forward on 28 March 2027.
    const template = { starts_at: "2027-03-21T08:00:00Z", ends_at: "2027-03-21T16:00:00Z" };
    const { occurrences } = await preview(actor, pool, { rule, template });
    expect(occurrences.map(({ starts_at, offset_change_minutes }) => [starts_at, offset_change_minutes])).toEqual([
      ["2027-03-21T08:00:00.000Z", 0],
      ["2027-03-28T07:00:00.000Z", 60],
    ]);
    const made = await book(actor, pool, { rule, template });
    expect(made.reservations.map(({ starts_at }) => starts_at)).toEqual(occurrences.map(({ starts_at }) => starts_at));
  });

  it("is all or nothing: one that is not free keeps all from being booked, and is named", async () => {
    const actor = await createCustomer();
    const other = await createCustomer();
    const pool = await createTestPool();
    await bookHours(other, pool.id, [56, 60], { gpu_count: 14 });
    const before = await countsOf(actor);
    const shown = await preview(actor, pool);
    expect(shown).toMatchObject({ bookable: 3, would_book: 0 });
    expect(shown.occurrences.map(({ outcome }) => outcome)).toEqual(["bookable", "no_room", "bookable", "bookable"]);
    expect(shown.occurrences[1]).toMatchObject({ price: null, pool_id: pool.id });
    expect(shown.occurrences[1]?.blockers).toEqual([
      expect.objectContaining({ kind: "others", gpu_count: 14, reservation_id: null }),
    ]);
    const refused = await refusal(book(actor, pool));
    expect(refused.code).toBe("capacity_unavailable");
    expect(refused.message).toContain("1 of 4");
    expect(refused.extras.blockers).toEqual(shown.occurrences[1]?.blockers);
    expect(await countsOf(actor), "nothing half-written").toEqual(before);
    expect(await eventsOf(actor)).toEqual([]);
  });

  it("leaves out what is not free when told to, and remembers why", async () => {
    const actor = await createCustomer();
    const other = await createCustomer();
    const pool = await createTestPool();
    await bookHours(other, pool.id, [56, 60], { gpu_count: 14 });
    const shown = await preview(actor, pool, { skip_conflicts: true });
    expect(shown).toMatchObject({ bookable: 3, would_book: 3, total_micros: 3 * PRICE });
    const made = await book(actor, pool, { skip_conflicts: true });
    expect(made).toMatchObject({ reservation_count: 3, total_micros: 3 * PRICE, skipped_count: 1 });
    expect(made.skipped).toEqual([
      expect.objectContaining({ number: 2, outcome: "no_room", reason: shown.occurrences[1]?.reason }),
    ]);
    expect((await balance(actor)).held).toBe(BigInt(3 * PRICE));
  });

  it("is refused with all that is missing when credits run out half way", async () => {
    const actor = await createCustomer(0n);
    const pool = await createTestPool();
    await giveCredits(actor, 150n);
    const before = await countsOf(actor);
    const shown = await preview(actor, pool);
    expect(shown.occurrences.map(({ outcome }) => outcome)).toEqual([
      "bookable",
      "bookable",
      "no_credits",
      "no_credits",
    ]);
    expect(shown).toMatchObject({ bookable: 2, would_book: 0, shortfall_micros: 4 * PRICE - 150_000_000 });
    const refused = await refusal(book(actor, pool));
    expect([refused.code, refused.extras.shortfall_micros]).toEqual(["insufficient_credits", shown.shortfall_micros]);
    expect(await countsOf(actor)).toEqual(before);

    const made = await book(actor, pool, { skip_conflicts: true });
    expect([made.reservation_count, made.skipped.map(({ outcome }) => outcome)]).toEqual([
      2,
      ["no_credits", "no_credits"],
    ]);
    expect(await balance(actor)).toEqual({ available: BigInt(shown.available_after_micros), held: BigInt(2 * PRICE) });
    expect(await auditLedger()).toEqual([]);
  });

  it("takes another pool of the type for those that the cheapest has no room for", async () => {
    const actor = await createCustomer();
    const other = await createCustomer();
    const cheap = await createTestPool({ nodes: 1, lanes: 4, priceMicrosPerGpuHour: 1_000_000n });
    const dear = await createTestPool({ nodes: 1, lanes: 4, gpuTypeId: cheap.gpuTypeId });
    await bookHours(other, cheap.id, [56, 60], { gpu_count: 1 });
    const body = { template: { pool_id: undefined, gpu_type: cheap.gpuTypeName } };
    const shown = await preview(actor, cheap, body);
    const expected = [cheap.id, dear.id, cheap.id, cheap.id];
    expect(shown.occurrences.map(({ pool_id }) => pool_id)).toEqual(expected);
    const made = await book(actor, cheap, body);
    expect(made.reservations.map(({ pool_id }) => pool_id)).toEqual(expected);
    expect(made.total_micros).toBe(shown.total_micros);
  });

  it("names what the rules of the pool do not allow", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool({ horizonDays: 10 });
    const far = { rule: { frequency: "weekly", count: 3 } };
    const shown = await preview(actor, pool, far);
    expect(shown.occurrences.map(({ outcome }) => outcome)).toEqual(["bookable", "bookable", "not_allowed"]);
    expect(shown.occurrences[2]?.reason).toContain("10 days");
    const refused = await refusal(book(actor, pool, far));
    expect([refused.code, refused.errors[0]?.field]).toEqual(["validation_failed", "rule.count"]);
    expect((await book(actor, pool, { ...far, skip_conflicts: true })).reservation_count).toBe(2);

    for (const [template, field] of [
      [{ starts_at: hour(33.5).toISOString() }, "template.starts_at"],
      [{ starts_at: hour(40.5).toISOString(), ends_at: hour(41).toISOString() }, "template.starts_at"],
    ] as const) {
      for (const act of [preview, book]) {
        const never = await refusal(act(actor, pool, { template }));
        expect([never.code, never.errors[0]?.field]).toEqual(["validation_failed", field]);
      }
    }
    const tooMany = await preview(actor, await createTestPool(), { template: { gpu_count: 17 } });
    expect(tooMany.occurrences.map(({ blockers }) => blockers[0]?.kind)).toEqual(Array(4).fill("capacity"));
    const unknown = await refusal(book(actor, pool, { template: { pool_id: "pool_none" } }));
    expect(unknown.code).toBe("validation_failed");
  });

  it("lets dead holds go first, whosoever they are", async () => {
    const actor = await createCustomer();
    const other = await createCustomer();
    const pool = await createTestPool({ nodes: 1, lanes: 4 });
    for (const day of [33, 57]) {
      await bookHours(other, pool.id, [day, day + 8], { gpu_count: 4, hold: true }, hour(-1));
    }
    const made = await book(actor, pool);
    expect(made.reservation_count).toBe(4);
    const holds = await db.reservation.findMany({ where: { projectId: other.projectId } });
    expect(holds.map(({ status }) => status)).toEqual(["expired", "expired"]);
    expect((await balance(other)).held).toBe(0n);
  });

  it("books 60 in one go, and no two series fit where only one does", async () => {
    const customers = await Promise.all(Array.from({ length: 4 }, () => createCustomer()));
    const pool = await createTestPool({ nodes: 1, lanes: 4, horizonDays: 90 });
    const answers = await Promise.allSettled(customers.map((actor) => book(actor, pool, { rule: { count: 60 } })));
    const won = answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
    expect(won.map(({ reservation_count }) => reservation_count)).toEqual([60]);
    for (const answer of answers) {
      if (answer.status === "rejected") expect(["capacity_unavailable", "unavailable"]).toContain(answer.reason.code);
    }
    expect(await db.reservation.count({ where: { poolId: pool.id } })).toBe(60);
    expect(await auditLedger()).toEqual([]);
  });
});

describe("cancelling the rest of a series", () => {
  const at = (hours: number) => hour(hours);

  it("does what its preview says, and leaves alone what has begun", async () => {
    const actor = await createCustomer();
    const pool = await createTestPool();
    const made = await book(actor, pool);
    // The first has begun, the second begins within 24 hours (half comes back), the others later (75 %).
    const now = at(34);
    const parse = (body: object) => cancelOperation.body.parse(body);
    const shown = (await cancelSeries(actor, made.id, parse({ dry_run: true }), now)) as CancelSeriesPreview;
    expect(shown).toMatchObject({ cancelled: 3, kept: 1 });
    expect(shown.reservations.map(({ refund_bps }) => refund_bps)).toEqual([5000, 7500, 7500]);
    expect(shown.refund_micros).toBe(PRICE / 2 + 2 * (PRICE * 0.75));
    expect(shown.refund_micros + shown.fee_micros).toBe(3 * PRICE);
    expect((await getSeries(actor, made.id)).by_status.confirmed, "a preview cancels nothing").toBe(4);

    const done = await cancelSeries(actor, made.id, parse({ reason: "No longer needed" }), now);
    if ("dry_run" in done) throw new Error("It was a preview.");
    expect(done).toMatchObject({
      cancelled: 3,
      kept: 1,
      refund_micros: shown.refund_micros,
      fee_micros: shown.fee_micros,
    });
    expect(done.series.by_status).toMatchObject({ confirmed: 1, cancelled: 3 });
    expect(await db.allocation.count({ where: { poolId: pool.id } })).toBe(4);
    const again = await refusal(cancelSeries(actor, made.id, parse({}), now));
    expect(again.code).toBe("conflict");
    expect(await auditLedger()).toEqual([]);
  });

  it("does not exist for another project", async () => {
    const actor = await createCustomer();
    const stranger = await createCustomer();
    const made = await book(actor, await createTestPool());
    const body = cancelOperation.body.parse({});
    expect((await refusal(cancelSeries(stranger, made.id, body, T0))).code).toBe("not_found");
    expect((await refusal(getSeries(stranger, made.id))).code).toBe("not_found");
    expect((await listSeries(stranger, { limit: 10 })).data).toEqual([]);
  });
});

describe("over HTTP", () => {
  it("previews with 200, books with 201 and once per key, reads and cancels; viewers only look", async () => {
    const team = await createTeam();
    await giveCredits({ projectId: team.projectId } as Actor, 1000n, { now: new Date() });
    const pool = await createTestPool();
    const params = { project_id: team.projectId };
    const start = Math.ceil(Date.now() / 3_600_000) * 3_600_000 + 24 * 3_600_000;
    const body = {
      template: {
        pool_id: pool.id,
        gpu_count: 2,
        starts_at: new Date(start).toISOString(),
        ends_at: new Date(start + 3_600_000).toISOString(),
        title: "Nightly",
      },
      rule: { frequency: "daily", count: 3 },
    };
    const { headers } = team.member;
    const shown = await call(POST, { method: "POST", params, headers, body: { ...body, dry_run: true } });
    expect([shown.status, (shown.body as SeriesPreview).would_book]).toEqual([200, 3]);
    const refused = await call(POST, { method: "POST", params, headers: team.viewer.headers, body });
    expect([refused.status, codeOf(refused)]).toEqual([403, "forbidden"]);
    const keyed = { ...headers, "idempotency-key": crypto.randomUUID() };
    const made = await call(POST, { method: "POST", params, headers: keyed, body });
    const again = await call(POST, { method: "POST", params, headers: keyed, body });
    expect([made.status, again.status, again.headers.get("idempotent-replayed")]).toEqual([201, 201, "true"]);
    const { id } = made.body as SeriesDetail;
    expect((again.body as SeriesDetail).id).toBe(id);
    const one = { ...params, series_id: id };
    const read = await call(GET_ONE, { method: "GET", params: one, headers: team.viewer.headers });
    expect([read.status, (read.body as SeriesDetail).title]).toEqual([200, "Nightly"]);
    const list = await call(LIST, { method: "GET", params, headers: team.viewer.headers });
    expect((list.body as { data: unknown[] }).data).toHaveLength(1);
    const gone = await call(CANCEL, { method: "POST", params: one, headers, body: {} });
    expect([gone.status, (gone.body as { cancelled: number }).cancelled]).toEqual([200, 3]);
    await db.project.update({ where: { id: team.projectId }, data: { plan: "free" } });
    expect(codeOf(await call(POST, { method: "POST", params, headers, body }))).toBe("plan_required");
  });
});
