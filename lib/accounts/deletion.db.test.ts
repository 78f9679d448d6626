import { beforeEach, describe, expect, it } from "vitest";
import * as deletion from "@/app/api/v1/me/deletion/route";
import * as me from "@/app/api/v1/me/route";
import { fateOf } from "@/lib/accounts/deletion";
import { hashPassword } from "@/lib/accounts/password";
import { createProject } from "@/lib/accounts/projects";
import { call, codeOf, createPerson, createTeam, join, type Person } from "@/lib/accounts/testing";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { createTestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import { emit } from "@/lib/webhooks/emit";

const PASSWORD = "correct horse battery";
const hash = hashPassword(PASSWORD);

const withPassword = async () => createPerson({ passwordHash: await hash });
const alone = (person: Person) =>
  transaction((tx) => createProject(tx, { name: "Alone", plan: "premium", ownerId: person.id }));
const reads = async (headers: Record<string, string>) => (await call(me.GET, { method: "GET", headers })).status;

beforeEach(() => db.rateLimit.deleteMany());

describe("deleting the account", () => {
  const preview = (person: Person) => call(deletion.GET, { method: "GET", headers: person.headers });
  const remove = (person: Person, body: object) =>
    call(deletion.POST, { method: "POST", headers: person.headers, body: { email: person.email, ...body } });

  it("takes the projects along in which nobody else is, with everything in them, and leaves the others", async () => {
    const person = await withPassword();
    const team = await createTeam();
    await join(team.projectId, person, "member");
    const own = await alone(person);
    await transaction((tx) => emit(tx, own.id, { type: "instance.started", data: {}, source: "platform" }));
    await transaction(async (tx) => {
      await tx.creditAccount.create({ data: { projectId: own.id } });
      const grant = await tx.creditGrant.create({
        data: {
          id: newId("creditGrant"),
          projectId: own.id,
          source: "manual",
          amount: 5n,
          available: 0n,
          createdBy: "x",
        },
      });
      const line = await tx.ledgerTransaction.create({
        data: {
          id: newId("ledgerTransaction"),
          projectId: own.id,
          seq: 1n,
          kind: "grant",
          availableDelta: 5n,
          heldDelta: 0n,
          availableAfter: 5n,
          heldAfter: 0n,
          createdBy: "x",
        },
      });
      await tx.ledgerEntry.createMany({
        data: (["funding", "available"] as const).map((account) => ({
          transactionId: line.id,
          projectId: own.id,
          grantId: grant.id,
          account,
          amount: account === "funding" ? -5n : 5n,
        })),
      });
    });
    expect((await preview(person)).body).toMatchObject({
      allowed: true,
      projects: expect.arrayContaining([
        { id: own.id, name: "Alone", fate: "deleted" },
        { id: team.projectId, name: "Team", fate: "left" },
      ]),
    });
    expect((await remove(person, { current_password: PASSWORD, email: "other@example.com" })).status).toBe(422);
    expect((await remove(person, { current_password: "wrong" })).status).toBe(401);
    expect((await remove(person, {})).status).toBe(422);
    expect((await remove(person, { current_password: PASSWORD })).status).toBe(204);
    expect(await reads(person.headers)).toBe(401);
    expect(await db.project.count({ where: { id: own.id } })).toBe(0);
    expect(await db.event.count({ where: { projectId: own.id } })).toBe(0);
    expect(await db.ledgerEntry.count({ where: { projectId: own.id } }), "a ledger goes with its project only").toBe(0);
    const told = await db.event.findMany({ where: { projectId: team.projectId, type: "user.deleted" } });
    expect(told.map(({ body }) => JSON.parse(body).data)).toEqual([{ user_id: person.id, email: person.email }]);
  });

  it("is refused to the only owner of a team, and while bookings have not ended", async () => {
    const team = await createTeam();
    expect((await preview(team.owner)).body).toMatchObject({ allowed: false, projects: [{ fate: "blocked" }] });
    const refused = await remove(team.owner, {});
    expect([refused.status, codeOf(refused)]).toEqual([409, "conflict"]);

    const person = await createPerson();
    const own = await alone(person);
    const pool = await createTestPool();
    await db.reservation.create({
      data: {
        id: newId("reservation"),
        projectId: own.id,
        poolId: pool.id,
        createdBy: person.id,
        status: "confirmed",
        gpuCount: 1,
        startsAt: new Date("2027-01-01T00:00:00Z"),
        endsAt: new Date("2027-01-02T00:00:00Z"),
        segments: [],
        correlationId: "c",
        price: {},
        totalMicros: 0n,
      },
    });
    expect((await preview(person)).body).toMatchObject({
      allowed: false,
      reasons: [expect.stringContaining("1 reserv")],
    });
    expect((await remove(person, {})).status).toBe(409);
  });

  it("is refused to the last one who runs the installation", async () => {
    await db.user.updateMany({ data: { isAdmin: false } });
    const person = await createPerson({ isAdmin: true });
    expect((await preview(person)).body).toMatchObject({ allowed: false });
  });

  /** Runs them while another connection holds rows that each of them comes to, and lets go when all of them wait. */
  async function allAtOnce<T>(hold: { text: string; values: unknown[] }, runs: (() => Promise<T>)[]): Promise<T[]> {
    const client = await pool().connect();
    try {
      await client.query("BEGIN");
      await client.query(hold);
      const answers = Promise.all(runs.map((run) => run()));
      await expect
        .poll(async () => {
          const { rows } = await pool().query<{ waiting: number }>(
            "SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'",
          );
          return rows[0]?.waiting;
        })
        .toBe(runs.length);
      await client.query("COMMIT");
      return await answers;
    } finally {
      client.release();
    }
  }
  const refersTo = (ids: string[]) => ({
    text: 'SELECT 1 FROM "user" WHERE id = ANY ($1) FOR KEY SHARE',
    values: [ids],
  });

  it("leaves one who runs the installation when the last two delete themselves at the same moment", async () => {
    await db.user.updateMany({ data: { isAdmin: false } });
    const both = [await createPerson({ isAdmin: true }), await createPerson({ isAdmin: true })];
    const answers = await allAtOnce(
      refersTo(both.map(({ id }) => id)),
      both.map((person) => () => remove(person, {})),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 409]);
    expect(await db.user.count({ where: { isAdmin: true } })).toBe(1);
  });

  it("happens once, whoever asks at the same moment", async () => {
    const person = await createPerson();
    const twice = [() => remove(person, {}), () => remove(person, {})];
    const answers = await allAtOnce(refersTo([person.id]), twice);
    expect(answers.map(({ status }) => status).sort()).toEqual([204, 401]);
  });

  it("takes a project along that was made at the same moment, which nobody could reach any more", async () => {
    const person = await createPerson();
    const [id, memberId] = [newId("project"), newId("member")];
    const project = {
      text: `WITH made AS (INSERT INTO project (id, name, plan) VALUES ($1, 'New', 'free') RETURNING id)
             INSERT INTO member (id, project_id, user_id, role) SELECT $2, id, $3, 'owner' FROM made`,
      values: [id, memberId, person.id],
    };
    const [answer] = await allAtOnce(project, [() => remove(person, {})]);
    expect(answer).toMatchObject({ status: 204 });
    expect(await db.project.count({ where: { id } })).toBe(0);
  });

  it("is refused when a booking was made at the same moment", async () => {
    const person = await createPerson();
    const own = await alone(person);
    const testPool = await createTestPool();
    const id = newId("reservation");
    const booking = {
      text: `INSERT INTO reservation (id, project_id, pool_id, created_by, status, gpu_count, starts_at, ends_at, segments,
                                      correlation_id, price, total_micros)
             VALUES ($1, $2, $3, 'key', 'confirmed', 1, '2027-01-01', '2027-01-02', '[]', 'c', '{}', 0)`,
      values: [id, own.id, testPool.id],
    };
    const [answer] = await allAtOnce(booking, [() => remove(person, {})]);
    expect(answer).toMatchObject({ status: 409 });
    expect(await db.reservation.count({ where: { id } })).toBe(1);
  });

  it.each([
    [{ isOwner: true, others: [], bookings: 0 }, "deleted"],
    [{ isOwner: true, others: [], bookings: 1 }, "blocked"],
    [{ isOwner: true, others: [{ role: "admin" }], bookings: 0 }, "blocked"],
    [{ isOwner: true, others: [{ role: "owner" }], bookings: 5 }, "left"],
    [{ isOwner: false, others: [{ role: "owner" }], bookings: 5 }, "left"],
  ] as const)("%o → %s", (circumstances, fate) => {
    expect(fateOf(circumstances)).toBe(fate);
  });
});
