import ICAL from "ical.js";
import { beforeAll, describe, expect, it } from "vitest";
import { GET as readCalendar } from "@/app/api/v1/calendar/[file]/route";
import { POST as REGENERATE } from "@/app/api/v1/projects/[project_id]/calendar-feeds/[feed_id]/regenerate/route";
import { DELETE } from "@/app/api/v1/projects/[project_id]/calendar-feeds/[feed_id]/route";
import { GET as LIST, POST } from "@/app/api/v1/projects/[project_id]/calendar-feeds/route";
import { GET as DOWNLOAD } from "@/app/api/v1/projects/[project_id]/reservations/[reservation_id]/calendar.ics/route";
import { call, codeOf, createKey, createTeam, join, type Person } from "@/lib/accounts/testing";
import { hashToken } from "@/lib/accounts/tokens";
import { readFeed } from "@/lib/calendar-feeds/read";
import { FEED_LIMITS, type Feed, type OpenedFeed } from "@/lib/contracts/calendar-feeds";
import { db } from "@/lib/db/client";
import { createTestPool, type TestPool } from "@/lib/fleet/testing";
import type { Prisma } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";

const NOW = new Date("2026-11-22T12:00:00Z");
const DAY = 86_400_000;
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY);

type Team = Awaited<ReturnType<typeof createTeam>>;
let team: Team;
let strangers: Team;
let pool: TestPool;

beforeAll(async () => {
  team = await createTeam();
  strangers = await createTeam();
  pool = await createTestPool({ name: "Frankfurt H100" });
});

const segment = (from: Date, to: Date, gpu_count: number) => ({
  starts_at: from.toISOString(),
  ends_at: to.toISOString(),
  gpu_count,
});

async function book(data: Partial<Prisma.ReservationUncheckedCreateInput> & { from?: Date; to?: Date } = {}) {
  const { from = inDays(1), to = inDays(2), ...rest } = data;
  const id = newId("reservation");
  return db.reservation.create({
    data: {
      id,
      projectId: team.projectId,
      poolId: pool.id,
      createdBy: team.member.id,
      status: "confirmed",
      gpuCount: 4,
      startsAt: from,
      endsAt: to,
      segments: [segment(from, to, 4)],
      correlationId: id,
      price: {},
      totalMicros: 0n,
      createdAt: inDays(-1),
      updatedAt: inDays(-1),
      ...rest,
    },
  });
}

async function open(person: Person, body: Record<string, unknown> = {}, project = team): Promise<OpenedFeed> {
  const { status, body: feed } = await call(POST, {
    method: "POST",
    params: { project_id: project.projectId },
    headers: person.headers,
    body: { name: "My bookings", scope: "mine", ...body },
  });
  expect(status, JSON.stringify(feed)).toBe(201);
  return feed as OpenedFeed;
}

const fileOf = ({ url }: OpenedFeed) => url.slice(url.lastIndexOf("/") + 1);

async function read(feed: OpenedFeed, now = NOW): Promise<ICAL.Event[]> {
  const { text } = await readFeed(fileOf(feed), now);
  return new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent").map((event) => new ICAL.Event(event));
}

const statusOf = (event: ICAL.Event | undefined) => String(event?.component.getFirstPropertyValue("status"));

const over = (feed: OpenedFeed, headers: Record<string, string> = {}) =>
  readCalendar(new Request(feed.url, { headers }), { params: Promise.resolve({ file: fileOf(feed) }) });

describe("a calendar's address", () => {
  it("is shown once, and only its hash is kept", async () => {
    const feed = await open(team.member, { alarm_minutes: 30, time_zone: "Europe/Berlin" });
    expect(feed.url).toMatch(/\/api\/v1\/calendar\/[A-Za-z0-9_-]{43}\.ics$/);
    const row = await db.calendarFeed.findUniqueOrThrow({ where: { id: feed.id } });
    expect(row.tokenHash).toBe(hashToken(fileOf(feed).slice(0, 43)));
    expect(JSON.stringify(row)).not.toContain(fileOf(feed).slice(0, 43));
    const list = await call(LIST, {
      method: "GET",
      params: { project_id: team.projectId },
      headers: team.member.headers,
    });
    const shown = (list.body as { data: Feed[] }).data.find(({ id }) => id === feed.id);
    expect(shown).toMatchObject({ name: "My bookings", scope: "mine", alarm_minutes: 30, time_zone: "Europe/Berlin" });
    expect(shown).not.toHaveProperty("url");
  });

  it("can be replaced and revoked; the old one then leads nowhere", async () => {
    const feed = await open(team.viewer, { scope: "team" });
    expect((await over(feed)).status).toBe(200);
    const at = { project_id: team.projectId, feed_id: feed.id };
    const replaced = await call(REGENERATE, { method: "POST", params: at, headers: team.viewer.headers });
    expect(replaced.status).toBe(200);
    expect((await over(feed)).status).toBe(404);
    expect((await over(replaced.body as OpenedFeed)).status).toBe(200);
    const gone = await call(DELETE, { method: "DELETE", params: at, headers: team.viewer.headers });
    expect(gone.status).toBe(204);
    expect((await over(replaced.body as OpenedFeed)).status).toBe(404);
    expect((await call(DELETE, { method: "DELETE", params: at, headers: team.viewer.headers })).status).toBe(404);
  });

  it("stops working when its owner leaves the project", async () => {
    const leaving = await createTeam();
    const feed = await open(leaving.member, { scope: "team" }, leaving);
    expect((await over(feed)).status).toBe(200);
    await db.member.delete({ where: { id: leaving.member.memberId } });
    const refused = await over(feed);
    expect(refused.status).toBe(404);
    expect(refused.headers.get("content-type")).toContain("application/problem+json");
    await join(leaving.projectId, leaving.member, "member");
    expect((await over(feed)).status, "it does not come back with them").toBe(404);
  });

  it.each(["x.ics", "", `${"A".repeat(43)}`, `${"A".repeat(43)}.ics`, `${"A".repeat(43)}.ICS`, "../me"])(
    "that never was one is not found: %j",
    async (file) => {
      await expect(readFeed(file, NOW)).rejects.toMatchObject({ code: "not_found" });
    },
  );

  it("belongs to a person: others and API keys cannot see or change it", async () => {
    const feed = await open(team.member);
    const at = { project_id: team.projectId, feed_id: feed.id };
    for (const other of [team.owner, team.admin]) {
      expect((await call(DELETE, { method: "DELETE", params: at, headers: other.headers })).status).toBe(404);
      expect((await call(REGENERATE, { method: "POST", params: at, headers: other.headers })).status).toBe(404);
    }
    const key = await createKey(team.projectId, ["reservations:read"]);
    const list = await call(LIST, { method: "GET", params: { project_id: team.projectId }, headers: key.headers });
    expect([list.status, codeOf(list)]).toEqual([403, "forbidden"]);
    expect((await over(feed)).status).toBe(200);
  });

  it("needs the premium plan, a pool that exists, and room under the limit", async () => {
    const poor = await createTeam();
    const attempt = (body: Record<string, unknown>, headers = poor.member.headers) =>
      call(POST, { method: "POST", params: { project_id: poor.projectId }, headers, body: { name: "x", ...body } });
    expect(codeOf(await attempt({ scope: "pool", pool_id: "pool_none" }))).toBe("validation_failed");
    expect(codeOf(await attempt({ scope: "pool" }))).toBe("validation_failed");
    expect(codeOf(await attempt({ scope: "mine", pool_id: pool.id }))).toBe("validation_failed");
    expect(codeOf(await attempt({ scope: "mine", alarm_minutes: -1 }))).toBe("validation_failed");
    expect(codeOf(await attempt({ scope: "mine", time_zone: "Mars/Olympus" }))).toBe("validation_failed");
    const many = await Promise.all(Array.from({ length: FEED_LIMITS.perUser + 5 }, () => attempt({ scope: "mine" })));
    expect(many.filter(({ status }) => status === 201)).toHaveLength(FEED_LIMITS.perUser);
    expect(many.filter((answer) => codeOf(answer) === "conflict")).toHaveLength(5);
    await db.project.update({ where: { id: poor.projectId }, data: { plan: "free" } });
    expect(codeOf(await attempt({ scope: "mine" }, poor.owner.headers))).toBe("plan_required");
  });
});

describe("a calendar of reservations", () => {
  it("keeps a booking's id over moves while the sequence rises", async () => {
    const feed = await open(team.owner);
    const { id } = await book({ createdBy: team.owner.id, title: "Training; all, of it" });
    const [before] = await read(feed);
    expect(before?.uid).toBe(`${id}-1@dumont`);
    expect(before?.summary).toBe(`Training; all, of it (4 ${pool.gpuTypeName})`);
    expect([before?.startDate.toJSDate(), before?.endDate.toJSDate()]).toEqual([inDays(1), inDays(2)]);
    expect(before?.description).toContain(`/app/reservations/${id}`);
    expect(before?.description).not.toContain("Booked by");
    await db.reservation.update({
      where: { id },
      data: {
        startsAt: inDays(3),
        endsAt: inDays(5),
        segments: [segment(inDays(3), inDays(4), 4), segment(inDays(4), inDays(5), 2)],
        version: 2,
      },
    });
    const [first, second] = await read(feed);
    expect(first?.uid).toBe(before?.uid);
    expect([before?.sequence, first?.sequence]).toEqual([1, 2]);
    expect(first?.startDate.toJSDate()).toEqual(inDays(3));
    expect([second?.uid, second?.startDate.toJSDate()]).toEqual([`${id}-2@dumont`, inDays(4)]);
  });

  it("is of whoever asked, or of the whole team with who booked it", async () => {
    const own = await createTeam();
    const mine = await book({ projectId: own.projectId, createdBy: own.member.id });
    const theirs = await book({ projectId: own.projectId, createdBy: own.admin.id, from: inDays(2), to: inDays(3) });
    const uids = async (body: Record<string, unknown>) =>
      (await read(await open(own.member, body, own))).map(({ uid }) => uid);
    expect(await uids({ scope: "mine" })).toEqual([`${mine.id}-1@dumont`]);
    expect(await uids({ scope: "team" })).toEqual([`${mine.id}-1@dumont`, `${theirs.id}-1@dumont`]);
    const [, other] = await read(await open(own.member, { scope: "team" }, own));
    expect(other?.description).toContain("Booked by Test Person");
  });

  it("shows held ones as tentative, and what was cancelled as such for 30 days", async () => {
    const own = await createTeam();
    const data = { projectId: own.projectId, createdBy: own.member.id };
    await book({ ...data, status: "held", holdExpiresAt: inDays(1) });
    await book({ ...data, status: "cancelled", from: inDays(2), to: inDays(3), updatedAt: inDays(-29) });
    await book({ ...data, status: "cancelled", from: inDays(3), to: inDays(4), updatedAt: inDays(-31) });
    await book({ ...data, status: "expired", from: inDays(4), to: inDays(5), updatedAt: inDays(-2) });
    await book({ ...data, status: "completed", from: inDays(-59), to: inDays(-58) });
    await book({ ...data, status: "completed", from: inDays(-70), to: inDays(-61) });
    const feed = await open(own.member, { alarm_minutes: 15 }, own);
    const events = await read(feed);
    expect(events.map((event) => [event.startDate.toJSDate(), statusOf(event)])).toEqual([
      [inDays(-59), "CONFIRMED"],
      [inDays(1), "TENTATIVE"],
      [inDays(2), "CANCELLED"],
      [inDays(4), "CANCELLED"],
    ]);
  });
});

describe("a calendar of a pool", () => {
  it("tells of others only when and how many, and of maintenance why", async () => {
    const shared = await createTestPool({ name: "Shared pool" });
    const ours = await book({ poolId: shared.id, title: "Ours" });
    const theirs = await book({
      poolId: shared.id,
      projectId: strangers.projectId,
      createdBy: strangers.member.id,
      title: "Secret plan",
      from: inDays(2),
      to: inDays(3),
    });
    const maintenance = await db.maintenance.create({
      data: {
        id: newId("maintenance"),
        poolId: shared.id,
        reason: "Firmware",
        startsAt: inDays(6),
        endsAt: inDays(7),
        createdBy: team.owner.id,
        createdAt: inDays(-1),
        updatedAt: inDays(-1),
        allocations: {
          create: shared.units.slice(0, 3).map((unit) => ({
            id: newId("allocation"),
            poolId: shared.id,
            unitId: unit.id,
            kind: "maintenance",
            startsAt: inDays(6),
            endsAt: inDays(7),
            blocksFrom: inDays(6),
            blocksTo: inDays(7),
          })),
        },
      },
    });
    const feed = await open(team.viewer, { scope: "pool", pool_id: shared.id, name: "Shared" });
    const { text, lastModified } = await readFeed(fileOf(feed), NOW);
    for (const secret of ["Secret plan", theirs.id, strangers.projectId, strangers.member.id, strangers.member.email]) {
      expect(text, secret).not.toContain(secret);
    }
    expect(lastModified, "a maintenance that is called off leaves no time").toBeNull();
    const [own, other, service] = await read(feed);
    expect([own?.uid, own?.summary]).toEqual([`${ours.id}-1@dumont`, `Ours (4 ${shared.gpuTypeName})`]);
    expect(other?.summary).toBe(`4 ${shared.gpuTypeName} taken`);
    expect(other?.startDate.toJSDate()).toEqual(inDays(2));
    expect([service?.summary, service?.sequence]).toEqual(["Maintenance: Firmware", 0]);
    expect(service?.description).toContain("3 GPUs");
    await db.maintenance.update({ where: { id: maintenance.id }, data: { reason: "Firmware, again" } });
    const later = await read(feed);
    expect(later[2]?.uid).toBe(service?.uid);
    expect(later[2]?.sequence).toBeGreaterThan(0);
    expect(later[1]?.uid, "stable although redacted").toBe(other?.uid);
  });
});

describe("a reservation as a file", () => {
  const download = (person: Person, reservationId: string, zone = "UTC") => {
    const url = `http://localhost/api/v1/calendar.ics?time_zone=${encodeURIComponent(zone)}`;
    const params = Promise.resolve({ project_id: team.projectId, reservation_id: reservationId });
    return DOWNLOAD(new Request(url, { headers: person.headers }), { params });
  };
  /** Long lines are folded. */
  const unfold = (text: string) => text.replaceAll("\r\n ", "");

  it("is what the calendars of the project show of it: the same ids, sequence and times", async () => {
    const [first, second] = [segment(inDays(1), inDays(2), 4), segment(inDays(2), inDays(3), 2)];
    const { id } = await book({ to: inDays(3), segments: [first, second], version: 7, title: "Training" });
    const answer = await download(team.member, id, "Europe/Berlin");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "text/calendar; charset=utf-8"]);
    expect(answer.headers.get("content-disposition")).toBe(`attachment; filename="${id}.ics"`);
    expect(answer.headers.get("cache-control")).toBe("private, no-store");
    const inFile = unfold(await answer.text());
    const feed = await open(team.member, { scope: "team", time_zone: "Europe/Berlin" });
    const { text: inFeed } = await readFeed(fileOf(feed), NOW);
    const eventsOf = (text: string) =>
      unfold(text)
        .split("BEGIN:")
        .filter((part) => part.startsWith("VEVENT") && part.includes(id));
    // What follows the last one ends the calendar.
    const withoutEnd = (event: string) => event.replace("END:VCALENDAR", "").trim();
    expect(eventsOf(inFile)).toHaveLength(2);
    expect(eventsOf(inFile).map(withoutEnd)).toEqual(eventsOf(inFeed).map(withoutEnd));
    expect(inFile).toContain("SEQUENCE:7");
    expect(inFile).toContain("13:00 to 2026-11-24 13:00");
    expect(inFile, "it is one's own").not.toContain("Booked by");
    expect(unfold(await (await download(team.viewer, id)).text())).toContain("Booked by Test Person");
  });

  it("is of any state and age", async () => {
    const { id } = await book({ status: "cancelled", from: inDays(-200), to: inDays(-199), updatedAt: inDays(-190) });
    expect(await (await download(team.viewer, id)).text()).toContain("STATUS:CANCELLED");
  });

  it("is nobody else's, and knows its time zones", async () => {
    const theirs = await book({ projectId: strangers.projectId, createdBy: strangers.member.id });
    expect((await download(team.owner, theirs.id)).status).toBe(404);
    expect((await download(strangers.owner, theirs.id)).status, "through a project that is not theirs").toBe(404);
    const { id } = await book();
    expect((await download(team.member, id, "Mars/Olympus")).status).toBe(422);
  });
});

describe("reading over HTTP", () => {
  it("answers what browsers and calendars may keep, and 304 to who has it", async () => {
    const own = await createTeam();
    await book({ projectId: own.projectId, createdBy: own.member.id, updatedAt: new Date("2026-11-20T10:00:00.700Z") });
    const feed = await open(own.member, {}, own);
    await db.calendarFeed.update({ where: { id: feed.id }, data: { createdAt: inDays(-5) } });
    const first = await over(feed);
    expect(first.status).toBe(200);
    expect(first.headers.get("content-type")).toBe("text/calendar; charset=utf-8");
    expect(first.headers.get("cache-control")).toBe("private, no-cache");
    expect(first.headers.get("last-modified")).toBe("Fri, 20 Nov 2026 10:00:00 GMT");
    expect(first.headers.get("x-request-id")).toMatch(/^req_/);
    const etag = first.headers.get("etag") ?? "";
    for (const [headers, status] of [
      [{ "if-none-match": etag }, 304],
      [{ "if-none-match": `"other", W/${etag}` }, 304],
      [{ "if-none-match": '"other"', "if-modified-since": "Sat, 21 Nov 2026 10:00:00 GMT" }, 200],
      [{ "if-modified-since": "Fri, 20 Nov 2026 10:00:00 GMT" }, 304],
      [{ "if-modified-since": "Fri, 20 Nov 2026 09:59:59 GMT" }, 200],
      [{ "if-modified-since": "nonsense" }, 200],
    ] as [Record<string, string>, number][]) {
      const answer = await over(feed, headers);
      expect([answer.status, headers]).toEqual([status, headers]);
      if (status === 304) expect(await answer.text()).toBe("");
    }
    await book({ projectId: own.projectId, createdBy: own.member.id });
    expect((await over(feed, { "if-none-match": etag })).status).toBe(200);
  });

  it("remembers when it was read last, to the minute", async () => {
    const feed = await open(team.admin);
    const lastRead = async () => (await db.calendarFeed.findUniqueOrThrow({ where: { id: feed.id } })).lastReadAt;
    expect(await lastRead()).toBeNull();
    await readFeed(fileOf(feed), NOW);
    expect(await lastRead()).toEqual(NOW);
    await readFeed(fileOf(feed), new Date(NOW.getTime() + 30_000));
    expect(await lastRead()).toEqual(NOW);
    await readFeed(fileOf(feed), inDays(1));
    expect(await lastRead()).toEqual(inDays(1));
  });
});
