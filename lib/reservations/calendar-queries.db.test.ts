import { beforeAll, describe, expect, it } from "vitest";
import { GET } from "@/app/api/v1/projects/[project_id]/calendar/route";
import type { Actor } from "@/lib/accounts/actor";
import { call, createKey, createPerson, createTeam } from "@/lib/accounts/testing";
import { BOOKING_LIMITS } from "@/lib/contracts/availability";
import { type Bar, CALENDAR_LIMITS, calendarSchema } from "@/lib/contracts/calendar";
import { db } from "@/lib/db/client";
import { createTestPool, type TestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import { getCalendar } from "@/lib/reservations/calendar-queries";
import { type StoredBooking, storeBookings, storeMaintenance } from "@/lib/reservations/testing-calendar";
import { createTestProject } from "@/lib/webhooks/testing";

const DAY = Date.parse("2026-12-01T00:00:00Z");
const at = (hour: number) => new Date(DAY + hour * 3600_000);
const day = { from: at(0).toISOString(), to: at(24).toISOString() };

describe("the calendar", () => {
  let actor: Actor;
  let other: Actor;
  let pool: TestPool;

  beforeAll(async () => {
    [actor, other, pool] = await Promise.all([createTestProject(), createTestProject(), createTestPool()]);
  });

  const units = (first: number, count: number) => pool.units.slice(first, first + count).map(({ id }) => id);
  const book = async (booking: Partial<StoredBooking> & Pick<StoredBooking, "from" | "to">) => {
    const [id = ""] = await storeBookings([
      {
        projectId: actor.projectId,
        createdBy: actor.subject.id,
        poolId: pool.id,
        unitIds: units(0, 2),
        ...booking,
      },
    ]);
    return id;
  };

  describe("with a booking of everybody, a hold, a maintenance and an outage", () => {
    let person: string;
    let ids: Record<"mine" | "team" | "others" | "maintenance", string>;
    let bars: Bar[];
    const secret = { title: "Merger of the century", person: "Someone Secret" };

    beforeAll(async () => {
      pool = await createTestPool();
      const colleague = await createPerson();
      const stranger = await createPerson();
      await db.user.update({ where: { id: stranger.id }, data: { name: secret.person } });
      person = stranger.id;
      ids = {
        mine: await book({ from: at(2), to: at(6), title: "Training" }),
        team: await book({ from: at(1), to: at(3), unitIds: units(2, 2), createdBy: colleague.id, status: "held" }),
        others: await book({
          from: at(4),
          to: at(8),
          unitIds: units(4, 3),
          projectId: other.projectId,
          createdBy: stranger.id,
          title: secret.title,
          status: "held",
        }),
        maintenance: await storeMaintenance(pool.id, units(8, 8), at(10), at(12), "New firmware"),
      };
      await db.allocation.create({
        data: {
          id: newId("allocation"),
          poolId: pool.id,
          unitId: units(7, 1)[0] ?? "",
          kind: "outage",
          startsAt: at(0),
          endsAt: at(5),
          blocksFrom: at(0),
          blocksTo: at(5),
        },
      });
      ({ bars } = await getCalendar(actor, { ...day, pool_id: pool.id }));
    });

    it("tells them apart, by start, each with its units in the order of the pool", () => {
      expect(
        bars.map((bar) => [bar.kind, bar.reservation_id, bar.status, bar.held, bar.title, bar.by, bar.units]),
      ).toEqual([
        ["outage", null, null, false, null, null, units(7, 1)],
        ["team", ids.team, "held", true, "", "Test Person", units(2, 2)],
        ["mine", ids.mine, "confirmed", false, "Training", null, units(0, 2)],
        ["others", null, null, false, null, null, units(4, 3)],
        ["maintenance", null, null, false, "New firmware", null, units(8, 8)],
      ]);
      expect(bars.map((bar) => [bar.gpu_count, bar.starts_at, bar.ends_at])).toEqual([
        [1, at(0).toISOString(), at(5).toISOString()],
        [2, at(1).toISOString(), at(3).toISOString()],
        [2, at(2).toISOString(), at(6).toISOString()],
        [3, at(4).toISOString(), at(8).toISOString()],
        [8, at(10).toISOString(), at(12).toISOString()],
      ]);
    });

    it("says nothing of another project's booking but when and how many GPUs", async () => {
      const { headers } = await createKey(actor.projectId, ["reservations:read"]);
      const response = await GET(
        new Request(`http://localhost:3000/api/v1/x?${new URLSearchParams({ ...day, pool_id: pool.id })}`, { headers }),
        { params: Promise.resolve({ project_id: actor.projectId }) },
      );
      const json = await response.text();
      expect(response.status).toBe(200);
      expect(calendarSchema.parse(JSON.parse(json)).bars).toHaveLength(5);
      const { created_by, correlation_id, ...row } = await db.$queryRaw<Record<string, string>[]>`
        SELECT id, created_by, correlation_id, project_id FROM reservation WHERE id = ${ids.others}`.then(
        ([found]) => found ?? {},
      );
      const revealing = [...Object.values(row), created_by, correlation_id, person, secret.title, secret.person];
      for (const text of revealing) expect(json).not.toContain(text);
      // What an id is made of: nor a part of it.
      expect(json).not.toContain(ids.others.slice("rsv_".length));
      expect(json).toContain(ids.mine);
    });

    it("names others' bars the same at every look, and otherwise in every project", async () => {
      const idOf = (seen: Bar[]) => seen.find(({ starts_at }) => starts_at === at(4).toISOString())?.id;
      const again = await getCalendar(actor, { from: at(5).toISOString(), to: at(6).toISOString() });
      const third = await getCalendar(await createTestProject(), day);
      const theirs = await getCalendar(other, { ...day, pool_id: pool.id });
      expect(idOf(again.bars)).toBe(idOf(bars));
      expect(idOf(third.bars)).toMatch(/^bar_/);
      expect(idOf(third.bars)).not.toBe(idOf(bars));
      expect(theirs.bars.find(({ reservation_id }) => reservation_id === ids.others)).toMatchObject({
        kind: "team",
        title: secret.title,
        by: secret.person,
        held: true,
      });
    });

    it("shows only what one booked oneself, when asked", async () => {
      const mine = await getCalendar(actor, { ...day, mine: "true" });
      expect(mine.bars.map(({ reservation_id }) => reservation_id)).toEqual([ids.mine]);
      const all = await getCalendar(actor, { ...day, pool_id: pool.id, mine: "false" });
      expect(all.bars).toHaveLength(5);
    });

    it("knows the names of people and of keys", async () => {
      const team = await createTeam();
      const key = await createKey(team.projectId, ["reservations:write"]);
      const place = { projectId: team.projectId, poolId: pool.id, from: at(20), to: at(21) };
      await storeBookings([
        { ...place, createdBy: team.member.id, unitIds: units(0, 1) },
        { ...place, createdBy: key.id, unitIds: units(1, 1) },
      ]);
      const read = await call(
        (request, context) =>
          GET(
            new Request(`${request.url}?${new URLSearchParams({ ...day, pool_id: pool.id, mine: "false" })}`, request),
            {
              params: context.params as Promise<{ project_id: string }>,
            },
          ),
        { method: "GET", params: { project_id: team.projectId }, headers: team.member.headers },
      );
      const seen = calendarSchema.parse(read.body).bars.filter(({ reservation_id }) => reservation_id !== null);
      expect(new Set(seen.map(({ kind, by }) => `${kind} ${by}`))).toEqual(
        new Set(["mine Test Person", "team Test key"]),
      );
    });
  });

  describe("at the edges", () => {
    beforeAll(async () => {
      pool = await createTestPool();
    });
    const hours = async (from: number, to: number) =>
      (await getCalendar(actor, { from: at(from).toISOString(), to: at(to).toISOString(), pool_id: pool.id })).bars;

    it("takes ranges as half-open", async () => {
      await book({ from: at(10), to: at(12) });
      expect(await hours(8, 10)).toEqual([]);
      expect(await hours(12, 14)).toEqual([]);
      expect(await hours(11, 12)).toHaveLength(1);
      expect(await hours(9, 11)).toHaveLength(1);
    });

    it("shows each segment with the units that it has, and none that is outside", async () => {
      await book({
        from: at(30),
        to: at(40),
        segments: [
          { from: at(30), to: at(32), gpuCount: 2 },
          { from: at(32), to: at(40), gpuCount: 1 },
        ],
      });
      const whole = await hours(30, 40);
      expect(whole.map(({ gpu_count, units: ids }) => [gpu_count, ids])).toEqual([
        [2, units(0, 2)],
        [1, units(0, 1)],
      ]);
      expect(await hours(33, 34)).toEqual([whole[1]]);
    });

    it("leaves out what was given back or has expired", async () => {
      await book({ from: at(50), to: at(52), status: "cancelled" });
      await book({ from: at(50), to: at(52), status: "expired" });
      expect(await hours(50, 52)).toEqual([]);
    });

    it("keeps what a cancelled booking used before", async () => {
      const id = await book({ from: at(60), to: at(70) });
      await db.reservation.update({
        where: { id },
        data: {
          status: "cancelled",
          segments: [
            { starts_at: at(60).toISOString(), ends_at: at(64).toISOString(), gpu_count: 2 },
            { starts_at: at(64).toISOString(), ends_at: at(70).toISOString(), gpu_count: 2 },
          ],
        },
      });
      await db.allocation.updateMany({ where: { reservationId: id }, data: { endsAt: at(64), blocksTo: at(64) } });
      expect((await hours(60, 70)).map((bar) => [bar.starts_at, bar.ends_at])).toEqual([
        [at(60).toISOString(), at(64).toISOString()],
      ]);
      const theirs = await getCalendar(other, {
        from: at(60).toISOString(),
        to: at(70).toISOString(),
        pool_id: pool.id,
      });
      expect(theirs.bars).toHaveLength(1);
    });

    it.each([
      ["to", { from: at(5), to: at(5) }],
      ["to", { from: at(5), to: at(4) }],
      ["to", { from: at(0), to: new Date(at(100 * 24).getTime() + 1) }],
      ["from", { from: new Date("0001-01-01T00:00:00Z"), to: at(0) }],
    ])("names %s when the range cannot be", async (field, { from, to }) => {
      await expect(getCalendar(actor, { from: from.toISOString(), to: to.toISOString() })).rejects.toMatchObject({
        code: "validation_failed",
        errors: [{ field }],
      });
    });

    it("names the longest range in the error, and allows it", async () => {
      const asked = { from: at(0).toISOString(), to: at(100 * 24).toISOString(), pool_id: pool.id };
      await expect(getCalendar(actor, asked)).resolves.toMatchObject({ truncated: false });
      await expect(getCalendar(actor, { ...asked, to: at(101 * 24).toISOString() })).rejects.toThrow("100 days");
    });

    it("says that a pool does not exist, and that an existing one has nothing", async () => {
      await expect(getCalendar(actor, { ...day, pool_id: newId("pool") })).rejects.toMatchObject({ code: "not_found" });
      const empty = await createTestPool();
      expect((await getCalendar(actor, { ...day, pool_id: empty.id })).bars).toEqual([]);
    });
  });

  it("cuts off after the most it hands out, and says so", async () => {
    pool = await createTestPool();
    const minute = (n: number) => new Date(DAY + n * 60_000);
    const each = BOOKING_LIMITS.segments;
    await storeBookings(
      Array.from({ length: CALENDAR_LIMITS.bars / each + 1 }, (_, i) => ({
        projectId: other.projectId,
        createdBy: "usr_x",
        poolId: pool.id,
        unitIds: [],
        from: minute(i * each),
        to: minute((i + 1) * each),
        segments: Array.from({ length: each }, (__, n) => ({
          from: minute(i * each + n),
          to: minute(i * each + n + 1),
          gpuCount: 1,
        })),
      })),
    );
    const asked = { from: minute(0).toISOString(), pool_id: pool.id };
    const all = await getCalendar(actor, { ...asked, to: minute(CALENDAR_LIMITS.bars).toISOString() });
    expect([all.bars.length, all.truncated]).toEqual([CALENDAR_LIMITS.bars, false]);
    const more = await getCalendar(actor, { ...asked, to: minute(CALENDAR_LIMITS.bars + 1).toISOString() });
    expect([more.bars.length, more.truncated]).toEqual([CALENDAR_LIMITS.bars, true]);
    expect(more.bars).toEqual(all.bars);
  });
});
