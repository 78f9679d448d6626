import { beforeAll, describe, expect, it } from "vitest";
import { POST as voidIt } from "@/app/api/v1/admin/credits/grants/[grant_id]/void/route";
import { GET as listAdmin } from "@/app/api/v1/admin/credits/route";
import { POST as grant, GET as listAdminGrants } from "@/app/api/v1/admin/projects/[project_id]/credits/grants/route";
import { GET as listGrants } from "@/app/api/v1/projects/[project_id]/credits/grants/route";
import { GET as ledger } from "@/app/api/v1/projects/[project_id]/credits/ledger/route";
import { GET as ledgerCsv } from "@/app/api/v1/projects/[project_id]/credits/ledger.csv/route";
import { GET as summary } from "@/app/api/v1/projects/[project_id]/credits/route";
import { call, codeOf, createKey, createPerson, createTeam } from "@/lib/accounts/testing";
import { DEFAULT_BOOKING_POLICY } from "@/lib/contracts/booking-policy";
import type { CreditGrantView, CreditSummary, LedgerLine } from "@/lib/contracts/credits";
import type { Scope } from "@/lib/contracts/permissions";
import { holdCredits, releaseCredits } from "@/lib/credits/movements";
import { createTestReservation } from "@/lib/credits/testing";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { publicOrigin } from "@/lib/env";

type Team = Awaited<ReturnType<typeof createTeam>>;
type Page<T> = { data: T[]; next_cursor: string | null };

const DAY = 86_400_000;
const midnight = (days: number) => new Date((Math.floor(Date.now() / DAY) + days) * DAY).toISOString();
const policy = DEFAULT_BOOKING_POLICY;

describe("the API of credits", () => {
  let team: Team;
  let admin: { headers: Record<string, string> };
  let reservationId: string;
  let grants: { soon: CreditGrantView; never: CreditGrantView };
  beforeAll(async () => {
    team = await createTeam();
    admin = await createPerson({ isAdmin: true });
    const give = async (body: object) =>
      (await post(grant, { project_id: team.projectId }, body)).body as CreditGrantView & { expiry_rounded: boolean };
    grants = {
      soon: await give({ source: "promo", amount_micros: 10_000_000, expires_at: midnight(20), note: "=Welcome" }),
      never: await give({ source: "purchase", amount_micros: 100_000_000 }),
    };
    const now = new Date();
    reservationId = await createTestReservation(team.projectId, {
      totalMicros: 48_000_000n,
      startsAt: new Date(Date.parse(midnight(2))),
      hours: 48,
      title: "Training",
    });
    const of = { projectId: team.projectId, reservationId, by: team.member.id, now };
    await transaction((tx) => holdCredits(tx, { ...of, amount: 60_000_000n }));
    await transaction((tx) => releaseCredits(tx, { ...of, refund: 10_000_000n, fee: 2_000_000n, policy }));
  });
  const post = (
    handler: Parameters<typeof call>[0],
    params: Record<string, string>,
    body: unknown,
    headers: Record<string, string> = admin.headers,
  ) => call(handler, { method: "POST", params, body, headers: { ...headers, "sec-fetch-site": "same-origin" } });
  const get = async <T>(
    handler: Parameters<typeof call>[0],
    query = "",
    headers: Record<string, string> = team.viewer.headers,
    projectId = team.projectId,
  ) => {
    const request = new Request(`${publicOrigin}/api/v1/test?${query}`, { headers });
    const response = await handler(request, { params: Promise.resolve({ project_id: projectId }) });
    const text = await response.text();
    const json = response.headers.get("content-type")?.includes("json");
    return { status: response.status, body: (json ? JSON.parse(text) : text) as T, headers: response.headers };
  };

  it("tells the balance, what runs out when, and the forecast", async () => {
    const { status, body } = await get<CreditSummary>(summary);
    expect(status).toBe(200);
    // The promotion went first into the booking, and what came back was the purchase's.
    expect(body).toMatchObject({
      available_micros: 60_000_000,
      held_micros: 48_000_000,
      never_expires_micros: 60_000_000,
      expiring: [],
      suggestion: null,
      plan: null,
      forecast: { pace_micros_per_day: Math.floor(50_000_000 / 30) },
    });
    const { points, enough_until } = body.forecast;
    expect(points).toHaveLength(91);
    expect(points.slice(0, 5).map(({ held_micros }) => held_micros)).toEqual(
      [48, 48, 48, 24, 0].map((n) => n * 1_000_000),
    );
    expect(points.every(({ available_micros }) => available_micros === 60_000_000)).toBe(true);
    expect(enough_until).toBe(midnight(36));
  });

  it("offers to use what runs out within 30 days, counts what rolls over, and knows the plan", async () => {
    const other = await createTeam();
    const give = (body: object) => post(grant, { project_id: other.projectId }, body);
    await give({ source: "promo", amount_micros: 5, expires_at: midnight(31) });
    const ask = async () => (await get<CreditSummary>(summary, "", other.owner.headers, other.projectId)).body;
    expect((await ask()).suggestion).toBeNull();
    const made = (await give({ source: "promo", amount_micros: 7, expires_at: midnight(29) })).body as CreditGrantView;
    await db.creditGrant.update({ where: { id: made.id }, data: { source: "plan" } });
    await db.bookingPolicy.create({
      data: { policy: { ...policy, plan: { ...policy.plan, monthly_micros: 1000 } }, updatedBy: "test" },
    });
    const body = await ask();
    expect(body.suggestion).toEqual({ grant_id: made.id, source: "plan", amount_micros: 7, expires_at: midnight(29) });
    expect(body.expiring.map(({ amount_micros, rolls_over_micros }) => [amount_micros, rolls_over_micros])).toEqual([
      [7, 3],
      [5, 0],
    ]);
    expect(body.plan).toMatchObject({ amount_micros: 1000, next_at: expect.stringMatching(/-01T00:00:00\.000Z$/) });
    await db.bookingPolicy.deleteMany({});
  });

  it("lists the ledger newest first, page by page, with running balances and causes", async () => {
    const first = (await get<Page<LedgerLine>>(ledger, "limit=2")).body;
    expect(first.data.map(({ kind, seq }) => [kind, seq])).toEqual([
      ["fee", 5],
      ["release", 4],
    ]);
    const rest = (await get<Page<LedgerLine>>(ledger, `limit=200&cursor=${first.next_cursor}`)).body;
    expect(rest.next_cursor).toBeNull();
    const [hold, never, soon] = rest.data;
    expect(hold).toMatchObject({
      kind: "hold",
      available_micros: -60_000_000,
      held_micros: 60_000_000,
      available_after_micros: 50_000_000,
      held_after_micros: 60_000_000,
      reservation: { id: reservationId, title: "Training" },
      created_by: { id: team.member.id, name: "Test Person" },
    });
    expect(hold?.entries).toEqual([
      { grant_id: grants.soon.id, source: "promo", account: "available", amount_micros: -10_000_000 },
      { grant_id: grants.soon.id, source: "promo", account: "held", amount_micros: 10_000_000 },
      { grant_id: grants.never.id, source: "purchase", account: "available", amount_micros: -50_000_000 },
      { grant_id: grants.never.id, source: "purchase", account: "held", amount_micros: 50_000_000 },
    ]);
    expect([never?.kind, soon?.kind, never?.reservation]).toEqual(["grant", "grant", null]);
    expect(never?.created_by.name).toBe("Administrator");
  });

  it("filters by kind, reservation, grant and time", async () => {
    const kinds = async (query: string) =>
      (await get<Page<LedgerLine>>(ledger, query)).body.data.map(({ kind }) => kind);
    expect(await kinds("kind=hold,fee")).toEqual(["fee", "hold"]);
    expect(await kinds(`reservation_id=${reservationId}`)).toEqual(["fee", "release", "hold"]);
    expect(await kinds(`grant_id=${grants.soon.id}`)).toEqual(["fee", "hold", "grant"]);
    expect(await kinds(`to=${new Date(Date.now() - DAY).toISOString()}`)).toEqual([]);
    expect(await kinds(`from=${new Date(Date.now() - DAY).toISOString()}&kind=release`)).toEqual(["release"]);
    for (const query of ["kind=theft", "from=yesterday", "limit=0"]) {
      expect((await get(ledger, query)).status).toBe(422);
    }
    for (const cursor of ["x", "-1", "1".repeat(19)]) {
      expect(codeOf(await get(ledger, `cursor=${cursor}`))).toBe("invalid_cursor");
    }
  });

  it("downloads every line of the filter", async () => {
    const { body, headers } = await get<string>(ledgerCsv, "kind=hold,grant");
    expect(headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const lines = body.trimEnd().split("\r\n");
    expect(
      lines.map((line) =>
        line
          .split(",")
          .slice(0, 7)
          .join(",")
          .replace(/\d{4}-[^,]*Z/, "T"),
      ),
    ).toEqual([
      "seq,time_utc,kind,available_credits,available_micros,held_credits,held_micros",
      "3,T,hold,-60,-60000000,60,60000000",
      "2,T,grant,100,100000000,0,0",
      "1,T,grant,10,10000000,0,0",
    ]);
    expect(lines[3]).toContain(",'=Welcome,");
    const many = await createTeam();
    await post(grant, { project_id: many.projectId }, { source: "promo", amount_micros: 5000 });
    const id = await createTestReservation(many.projectId);
    const of = { projectId: many.projectId, reservationId: id, by: "usr_x", now: new Date() };
    await transaction(
      async (tx) => {
        for (let index = 0; index < 1100; index += 1) await holdCredits(tx, { ...of, amount: 1n });
      },
      { timeoutMs: 60_000 },
    );
    const all = (await get<string>(ledgerCsv, "", many.owner.headers, many.projectId)).body.trimEnd().split("\r\n");
    expect(all.slice(1).map((line) => Number(line.split(",")[0]))).toEqual(
      Array.from({ length: 1101 }, (_, i) => 1101 - i),
    );
  }, 60_000);

  it("lists grants with what is left of them", async () => {
    const all = (await get<Page<CreditGrantView>>(listGrants, "limit=1")).body;
    expect(all.data).toMatchObject([{ id: grants.never.id, available_micros: 60_000_000, held_micros: 40_000_000 }]);
    const next = (await get<Page<CreditGrantView>>(listGrants, `cursor=${all.next_cursor}`)).body;
    expect(next.data).toMatchObject([
      { id: grants.soon.id, available_micros: 0, held_micros: 8_000_000, run_out: false },
    ]);
    expect(codeOf(await get(listGrants, "cursor=5"))).toBe("invalid_cursor");
  });

  it("shows a project without the premium plan its credits too", async () => {
    const free = await createTeam();
    await db.project.update({ where: { id: free.projectId }, data: { plan: "free" } });
    expect((await get(summary, "", free.viewer.headers, free.projectId)).status).toBe(200);
    expect((await get(ledger, "", free.viewer.headers, free.projectId)).status).toBe(200);
  });

  it("is for keys with the scope, and for admins where it grants", async () => {
    const key = async (scope: Scope) => (await createKey(team.projectId, [scope])).headers;
    expect((await get(summary, "", await key("credits:read"))).status).toBe(200);
    expect(codeOf(await get(summary, "", await key("reservations:read")))).toBe("forbidden");
    const body = { source: "promo", amount_micros: 1 };
    expect(codeOf(await post(grant, { project_id: team.projectId }, body, team.owner.headers))).toBe("forbidden");
    expect(codeOf(await post(voidIt, { grant_id: grants.never.id }, {}, team.owner.headers))).toBe("forbidden");
    expect(codeOf(await post(grant, { project_id: "prj_none" }, body))).toBe("not_found");
    expect(codeOf(await post(voidIt, { grant_id: "crg_none" }, {}))).toBe("not_found");
  });

  it("puts an end off to the next midnight and says so; refuses what makes no sense", async () => {
    const other = await createTeam();
    const give = (body: object) =>
      post(grant, { project_id: other.projectId }, { source: "manual", amount_micros: 5, ...body });
    const inside = new Date(Date.parse(midnight(3)) + 5).toISOString().replace("Z", "+00:00");
    expect((await give({ expires_at: inside })).body).toMatchObject({ expires_at: midnight(4), expiry_rounded: true });
    expect((await give({ expires_at: midnight(3) })).body).toMatchObject({
      expires_at: midnight(3),
      expiry_rounded: false,
    });
    expect((await give({})).body).toMatchObject({ expires_at: null, expiry_rounded: false, priority: 50 });
    const bad: [object, string][] = [
      [{ expires_at: midnight(-1) }, "expires_at"],
      [{ expires_at: midnight(365 * 21) }, "expires_at"],
      [{ amount_micros: 0 }, "amount_micros"],
      [{ amount_micros: 1.5 }, "amount_micros"],
      [{ amount_micros: Number.MAX_SAFE_INTEGER }, "amount_micros"],
      [{ source: "refund" }, "source"],
      [{ priority: 101 }, "priority"],
      [{ note: "x".repeat(501) }, "note"],
    ];
    const before = await db.ledgerTransaction.count();
    for (const [body, field] of bad) {
      const answer = await give(body);
      expect([answer.status, (answer.body as { errors: { field: string }[] }).errors[0]?.field]).toEqual([422, field]);
    }
    expect(await db.ledgerTransaction.count()).toBe(before);
  });

  it("grants once however often it is asked with one key", async () => {
    const other = await createTeam();
    const ask = () =>
      post(
        grant,
        { project_id: other.projectId },
        { source: "promo", amount_micros: 5 },
        { ...admin.headers, "idempotency-key": "grant-1" },
      );
    const [one, two] = [await ask(), await ask()];
    expect(two.body).toEqual(one.body);
    expect(two.headers.get("idempotent-replayed")).toBe("true");
    expect(await db.creditGrant.count({ where: { projectId: other.projectId } })).toBe(1);
  });

  it("takes back only what is available, wholly or in part", async () => {
    const other = await createTeam();
    const made = (await post(grant, { project_id: other.projectId }, { source: "manual", amount_micros: 100 }))
      .body as CreditGrantView;
    const id = await createTestReservation(other.projectId);
    await transaction((tx) =>
      holdCredits(tx, { projectId: other.projectId, reservationId: id, amount: 60n, by: "usr_x", now: new Date() }),
    );
    const take = (body: object) => post(voidIt, { grant_id: made.id }, body);
    expect(await take({ amount_micros: 41 })).toMatchObject({
      status: 422,
      body: { errors: [{ field: "amount_micros" }] },
    });
    expect((await take({ amount_micros: 15, note: "Twice" })).body).toMatchObject({
      available_micros: 25,
      held_micros: 60,
    });
    expect((await take({})).body).toMatchObject({ available_micros: 0, held_micros: 60 });
    expect(codeOf(await take({}))).toBe("conflict");
    const lines = (await get<Page<LedgerLine>>(ledger, "kind=void,adjust", other.viewer.headers, other.projectId)).body
      .data;
    expect(lines.map(({ kind, available_micros, note }) => [kind, available_micros, note])).toEqual([
      ["void", -25, ""],
      ["adjust", -15, "Twice"],
    ]);
  });

  it("says of a member who left just that, and names whoever runs the installation neither", async () => {
    const other = await createTeam();
    await post(grant, { project_id: other.projectId }, { source: "manual", amount_micros: 100 });
    const id = await createTestReservation(other.projectId, { totalMicros: 60n });
    const of = { projectId: other.projectId, reservationId: id, by: other.member.id, now: new Date() };
    await transaction((tx) => holdCredits(tx, { ...of, amount: 60n }));
    await db.member.delete({ where: { id: other.member.memberId } });
    const { data } = (await get<Page<LedgerLine>>(ledger, "", other.viewer.headers, other.projectId)).body;
    const names = ["Somebody who left", "Administrator"];
    expect(data.map(({ created_by }) => created_by.name)).toEqual(names);
    const csv = (await get<string>(ledgerCsv, "", other.viewer.headers, other.projectId)).body;
    expect(
      csv
        .split("\r\n")
        .slice(1, 3)
        .map((line) => line.split(",").at(-2)),
    ).toEqual(names);
  });

  it("lets admins find a project with its credits and grants", async () => {
    const { body } = await get<Page<{ project: { id: string } }>>(listAdmin, `q=${team.projectId}`, admin.headers);
    expect(body).toMatchObject({
      data: [
        {
          project: { id: team.projectId, plan: "premium" },
          available_micros: 60_000_000,
          held_micros: 48_000_000,
          next_expiry: null,
        },
      ],
      next_cursor: null,
    });
    const pages = (await get<Page<unknown>>(listAdmin, "limit=1&q=team", admin.headers)).body;
    expect(pages.data).toHaveLength(1);
    expect(pages.next_cursor).not.toBeNull();
    expect((await get<Page<CreditGrantView>>(listAdminGrants, "state=open", admin.headers)).body.data).toHaveLength(2);
    expect(codeOf(await get(listAdminGrants, "", admin.headers, "prj_none"))).toBe("not_found");
    expect(codeOf(await get(listAdmin, "cursor=x", admin.headers))).toBe("invalid_cursor");
    expect(codeOf(await get(listAdmin, "", team.owner.headers))).toBe("forbidden");
  });
});
