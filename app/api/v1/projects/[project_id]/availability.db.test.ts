import { beforeAll, describe, expect, it } from "vitest";
import { call, codeOf, createTeam, type Person } from "@/lib/accounts/testing";
import {
  type Availability,
  availabilitySchema,
  type Quote,
  quoteSchema,
  searchResultSchema,
} from "@/lib/contracts/availability";
import type { Problem } from "@/lib/contracts/problem";
import { db } from "@/lib/db/client";
import { createTestPool, type TestPool } from "@/lib/fleet/testing";
import { bookHours, giveCredits } from "@/lib/reservations/testing";
import { testActor } from "@/lib/webhooks/testing";
import * as availability from "./availability/route";
import * as search from "./availability/search/route";
import * as quote from "./quotes/[quote_id]/route";
import * as quotes from "./quotes/route";

type Answer = { status: number; body: unknown; headers: Headers };

const HOUR = 3_600_000;
/** The next full hour but one, so that nothing is in the past while the tests run. */
const START = Math.ceil(Date.now() / HOUR) * HOUR + HOUR;
const at = (hours: number) => new Date(START + hours * HOUR).toISOString();
const fields = ({ body }: Answer) => (body as Problem).errors.map(({ field }) => field);

describe("availability, search and quotes over HTTP", () => {
  let team: Awaited<ReturnType<typeof createTeam>>;
  let pool: TestPool;

  beforeAll(async () => {
    team = await createTeam();
    await db.project.update({ where: { id: team.projectId }, data: { plan: "premium" } });
    pool = await createTestPool({ nodes: 1, lanes: 8, reserveUnits: 1, bufferAfterMinutes: 60 });
    const actor = testActor(team.projectId, "member");
    await giveCredits(actor, 1000n, { now: new Date() });
    await bookHours(actor, pool.id, [0, 0], { gpu_count: 3, starts_at: at(10), ends_at: at(20) }, new Date());
  });

  const get = (query: string, person: Person = team.viewer): Promise<Answer> =>
    ask(availability.GET, `?${query}`, person);
  async function ask(handler: typeof availability.GET, path: string, person: Person, body?: unknown): Promise<Answer> {
    const request = new Request(`http://localhost:3000/api/v1/x${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: { ...person.headers, ...(body !== undefined && { "content-type": "application/json" }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const response = await handler(request, { params: Promise.resolve({ project_id: team.projectId }) });
    return { status: response.status, body: await response.json(), headers: response.headers };
  }
  const find = (body: unknown, person: Person = team.viewer) => ask(search.POST, "", person, body);
  const price = (body: unknown, person: Person = team.member) => ask(quotes.POST, "", person, body);
  const read = (id: string, person: Person = team.viewer) =>
    call(quote.GET, { method: "GET", params: { project_id: team.projectId, quote_id: id }, headers: person.headers });

  it("tells a viewer what is free over time, without the reserve, clean-up included", async () => {
    const answer = await get(`pool_id=${pool.id}&from=${at(0)}&to=${at(100)}`);
    expect(answer.status).toBe(200);
    const { pools } = availabilitySchema.parse(answer.body);
    expect(pools).toEqual([
      {
        pool_id: pool.id,
        capacity: 7,
        at: [at(0), at(10), at(21)].map((time) => Date.parse(time)),
        free: [7, 4, 7],
      },
    ]);
    // From the middle of the booking on.
    const later = availabilitySchema.parse((await get(`pool_id=${pool.id}&from=${at(12)}&to=${at(15)}`)).body);
    expect(later.pools[0]).toMatchObject({ at: [Date.parse(at(12))], free: [4] });
  });

  it("takes 90 days from now unless told, and the type by its name in any case", async () => {
    const name = encodeURIComponent(pool.gpuTypeName.toLowerCase());
    const { body } = await get(`gpu_type=${name}`);
    const { from, to, pools } = body as Availability;
    expect(Date.parse(to) - Date.parse(from)).toBe(90 * 24 * HOUR);
    expect(pools.map(({ pool_id }) => pool_id)).toEqual([pool.id]);
  });

  it("has nothing to book in a closed pool", async () => {
    const closed = await createTestPool({ open: false });
    const { body } = await get(`pool_id=${closed.id}`);
    expect((body as Availability).pools[0]?.free).toEqual([0]);
  });

  it.each([
    [`from=${at(5)}&to=${at(5)}`, ["to"]],
    [`from=${at(0)}&to=${at(101 * 24)}`, ["to"]],
    ["from=yesterday", ["from"]],
    ["gpu_type=Abacus", ["gpu_type"]],
  ])("names what is wrong with a look: %s", async (query, wrong) => {
    const answer = await get(query);
    expect(codeOf(answer)).toBe("validation_failed");
    expect(fields(answer)).toEqual(wrong);
  });

  it("does not know a pool that is none", async () => {
    expect((await get("pool_id=pool_nowhere")).status).toBe(404);
  });

  it("searches for a viewer", async () => {
    const answer = await find({
      pool_ids: [pool.id],
      gpu_count: 5,
      duration_minutes: 720,
      not_before: at(0),
      near: at(12),
    });
    expect(answer.status).toBe(200);
    const { offers } = searchResultSchema.parse(answer.body);
    // Four are free from 10 to 21: the first start after that is closer to 12 than none at all.
    expect(offers.find(({ kinds }) => kinds.includes("nearest"))).toMatchObject({ starts_at: at(21), gpu_count: 5 });
  });

  it.each<[Record<string, unknown>, string[]]>([
    [{ gpu_count: 0, duration_minutes: 60 }, ["gpu_count"]],
    [{ gpu_count: 1e9, duration_minutes: 0 }, ["duration_minutes", "gpu_count"]],
    [{ gpu_count: 1, duration_minutes: 60, not_before: "2026-03-29T02:30:00" }, ["not_before"]],
    [{ gpu_count: 1, duration_minutes: 60, topology: "everywhere" }, ["topology"]],
    [{ gpu_count: 1, duration_minutes: 60, pool_ids: ["pool_nowhere"] }, ["pool_ids[0]"]],
    [{ gpu_count: 1, duration_minutes: 600, not_before: at(0), finish_by: at(1) }, ["finish_by"]],
  ])("names what is wrong with a search: %j", async (body, wrong) => {
    const answer = await find(body);
    expect(codeOf(answer)).toBe("validation_failed");
    expect(fields(answer).toSorted()).toEqual(wrong);
  });

  it("quotes a price that stands, says that it can be paid, and writes it down", async () => {
    const answer = await price({ pool_id: pool.id, gpu_count: 2, starts_at: at(30), ends_at: at(40) });
    expect(answer.status).toBe(201);
    const made = quoteSchema.parse(answer.body);
    expect(made).toMatchObject({ feasible: true, blockers: [], alternatives: [], affordable: true, gpu_count: 2 });
    expect(made.price).toMatchObject({ list_micros: 40_000_000, discount_bps: 1000, total_micros: 36_000_000 });
    expect(Date.parse(made.expires_at) - Date.parse(made.created_at)).toBe(15 * 60_000);
    // The price stands, whatever happens to the pool's.
    await db.pool.update({ where: { id: pool.id }, data: { priceMicrosPerGpuHour: 9_000_000n } });
    const again = quoteSchema.parse((await read(made.id)).body);
    expect(again).toEqual({ ...made, available_micros: again.available_micros });
    await db.pool.update({ where: { id: pool.id }, data: { priceMicrosPerGpuHour: 2_000_000n } });
  });

  it("quotes what is not free too, with what is in the way and what would work", async () => {
    const answer = await price({ pool_id: pool.id, gpu_count: 5, starts_at: at(12), ends_at: at(14) });
    const made = answer.body as Quote;
    expect(made.feasible).toBe(false);
    expect(made.blockers.map(({ kind }) => kind)).toEqual(["reserve", "team"]);
    expect(made.alternatives.length).toBeGreaterThanOrEqual(3);
    expect(made.alternatives.length).toBeLessThanOrEqual(5);
  });

  it("says that it costs more than there is", async () => {
    const answer = await price({ pool_id: pool.id, gpu_count: 7, starts_at: at(100), ends_at: at(400) });
    expect(answer.body).toMatchObject({ feasible: true, affordable: false });
  });

  it("chooses the cheapest pool of a type that has room", async () => {
    const cheap = await createTestPool({ gpuTypeId: pool.gpuTypeId, priceMicrosPerGpuHour: 1n, nodes: 1, lanes: 4 });
    const place = { gpu_type: pool.gpuTypeId, starts_at: at(30), ends_at: at(40) };
    expect((await price({ ...place, gpu_count: 4 })).body).toMatchObject({ pool_id: cheap.id });
    expect((await price({ ...place, gpu_count: 5 })).body).toMatchObject({ pool_id: pool.id, feasible: true });
    expect((await price({ ...place, gpu_count: 8 })).body).toMatchObject({ pool_id: cheap.id, feasible: false });
  });

  it.each<[string, Record<string, unknown>, string[]]>([
    ["off the grid", { starts_at: at(30.5), ends_at: at(40) }, ["starts_at"]],
    ["end before start", { starts_at: at(40), ends_at: at(30) }, ["ends_at"]],
    ["in the past", { starts_at: at(-100), ends_at: at(-90) }, ["starts_at"]],
    ["beyond the horizon", { starts_at: at(30), ends_at: at(91 * 24) }, ["ends_at", "ends_at"]],
    ["no GPUs", { gpu_count: 0, starts_at: at(30), ends_at: at(40) }, ["gpu_count"]],
    [
      "more than any node has",
      { gpu_count: 9, topology: "single_node", starts_at: at(30), ends_at: at(40) },
      ["gpu_count"],
    ],
    ["a local time without a zone", { starts_at: "2026-12-01T10:00:00", ends_at: at(40) }, ["starts_at"]],
    ["no time at all", { starts_at: "2026-02-30T10:00:00Z", ends_at: at(40) }, ["starts_at"]],
    ["a pool and a type", { gpu_type: "x", starts_at: at(30), ends_at: at(40) }, ["gpu_type"]],
  ])("names what is wrong with a quote: %s", async (_name, wrong, named) => {
    const before = await db.quote.count();
    const answer = await price({ pool_id: pool.id, gpu_count: 1, ...wrong });
    expect(codeOf(answer)).toBe("validation_failed");
    expect(fields(answer)).toEqual(named);
    expect(await db.quote.count(), "nothing half-written").toBe(before);
  });

  it("lets viewers look but not quote, and none without the plan", async () => {
    const body = { pool_id: pool.id, gpu_count: 1, starts_at: at(30), ends_at: at(40) };
    expect(codeOf(await price(body, team.viewer))).toBe("forbidden");
    await db.project.update({ where: { id: team.projectId }, data: { plan: "free" } });
    expect(codeOf(await price(body))).toBe("plan_required");
    expect((await get(`pool_id=${pool.id}`)).status, "looking is free").toBe(200);
    await db.project.update({ where: { id: team.projectId }, data: { plan: "premium" } });
  });

  it("knows no quote of another project", async () => {
    const made = (await price({ pool_id: pool.id, gpu_count: 1, starts_at: at(30), ends_at: at(40) })).body as Quote;
    const strangers = await createTeam();
    const answer = await call(quote.GET, {
      method: "GET",
      params: { project_id: strangers.projectId, quote_id: made.id },
      headers: strangers.owner.headers,
    });
    expect(answer.status).toBe(404);
  });
});
