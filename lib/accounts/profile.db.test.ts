import { beforeEach, describe, expect, it } from "vitest";
import * as email from "@/app/api/v1/me/email/route";
import * as exported from "@/app/api/v1/me/export/route";
import * as password from "@/app/api/v1/me/password/route";
import * as me from "@/app/api/v1/me/route";
import * as method from "@/app/api/v1/me/sign-in-methods/[identity_id]/route";
import * as methods from "@/app/api/v1/me/sign-in-methods/route";
import * as everywhere from "@/app/api/v1/me/sign-out-everywhere/route";
import { hashPassword } from "@/lib/accounts/password";
import { createProject } from "@/lib/accounts/projects";
import { call, codeOf, createPerson, createTeam, join, type Person } from "@/lib/accounts/testing";
import { db } from "@/lib/db/client";
import { transaction } from "@/lib/db/transaction";
import { newId } from "@/lib/ids";

const PASSWORD = "correct horse battery";
const hash = hashPassword(PASSWORD);

const withPassword = async (data: { isAdmin?: boolean } = {}) => createPerson({ passwordHash: await hash, ...data });
const alone = (person: Person) =>
  transaction((tx) => createProject(tx, { name: "Alone", plan: "premium", ownerId: person.id }));
const cookieOf = (answer: { headers: Headers }) => ({
  cookie: answer.headers.get("set-cookie")?.split(";")[0] ?? "",
});
const reads = async (headers: Record<string, string>) => (await call(me.GET, { method: "GET", headers })).status;

beforeEach(() => db.rateLimit.deleteMany());

describe("one's own account", () => {
  it("changes the name, and tells every project of the person once", async () => {
    const team = await createTeam();
    const body = { name: "Ada Lovelace" };
    for (const _time of [1, 2]) {
      const answer = await call(me.PATCH, { method: "PATCH", headers: team.member.headers, body });
      expect(answer).toMatchObject({ status: 200, body: { id: team.member.id, name: "Ada Lovelace" } });
    }
    const events = await db.event.findMany({ where: { projectId: team.projectId, type: "user.updated" } });
    expect(events.map(({ body }) => JSON.parse(body).data)).toEqual([
      { user_id: team.member.id, email: team.member.email, changed: ["name"] },
    ]);
  });

  it("changes the address with the password only, to one that nobody has", async () => {
    const person = await withPassword();
    const other = await createPerson();
    const change = (body: unknown) => call(email.POST, { method: "POST", headers: person.headers, body });
    const wrong = await change({ email: "new@example.com", current_password: "wrong" });
    expect([wrong.status, codeOf(wrong)]).toEqual([401, "invalid_credentials"]);
    expect(wrong.body).toMatchObject({ errors: [{ field: "current_password" }] });
    const taken = await change({ email: other.email, current_password: PASSWORD });
    expect(taken).toMatchObject({ status: 422, body: { errors: [{ field: "email" }] } });
    const mine = `new-${person.id}@Example.com`;
    expect(await change({ email: mine, current_password: PASSWORD })).toMatchObject({
      status: 200,
      body: { email: mine.toLowerCase() },
    });
    const without = await createPerson();
    const refused = await call(email.POST, {
      method: "POST",
      headers: without.headers,
      body: { email: "x@example.com", current_password: "x" },
    });
    expect([refused.status, codeOf(refused)]).toEqual([409, "conflict"]);
  });

  it("slows down whoever guesses the password here, as at the log-in", async () => {
    const person = await withPassword();
    const guess = () =>
      call(email.POST, {
        method: "POST",
        headers: person.headers,
        body: { email: "x@example.com", current_password: "wrong" },
      });
    const codes = [];
    for (let time = 0; time < 8; time += 1) codes.push(codeOf(await guess()));
    expect(codes).toContain("rate_limited");
  });

  it("changes the password, and ends every session but the one that did it", async () => {
    const person = await withPassword();
    const body = { new_password: "another good password" };
    const missing = await call(password.POST, { method: "POST", headers: person.headers, body });
    expect(missing).toMatchObject({ status: 422, body: { errors: [{ field: "current_password" }] } });
    const changed = await call(password.POST, {
      method: "POST",
      headers: person.headers,
      body: { ...body, current_password: PASSWORD },
    });
    expect(changed.status).toBe(204);
    expect(await reads(person.headers)).toBe(401);
    expect(await reads(cookieOf(changed))).toBe(200);
  });

  it("sets a first password without one, and signs out everywhere else", async () => {
    const person = await createPerson();
    const set = await call(password.POST, {
      method: "POST",
      headers: person.headers,
      body: { new_password: "a first password" },
    });
    expect(set.status).toBe(204);
    const out = await call(everywhere.POST, { method: "POST", headers: cookieOf(set) });
    expect([await reads(cookieOf(set)), await reads(cookieOf(out))]).toEqual([401, 200]);
  });
});

describe("sign-in methods", () => {
  const link = (userId: string, provider: string) =>
    db.identity.create({ data: { id: newId("identity"), userId, provider, subject: crypto.randomUUID() } });
  const unlink = (person: Person, id: string) =>
    call(method.DELETE, { method: "DELETE", headers: person.headers, params: { identity_id: id } });

  it("are listed and unlinked, but never the last one, whoever asks at the same moment", async () => {
    const person = await createPerson();
    await alone(person);
    const [first, second] = [await link(person.id, "github"), await link(person.id, "oidc:https://id.example.com")];
    const listed = await call(methods.GET, { method: "GET", headers: person.headers });
    expect(listed.body).toMatchObject({
      data: [
        { id: first.id, name: "GitHub", removable: true },
        { id: second.id, name: "Single sign-on", removable: true },
      ],
    });
    const both = await Promise.all([unlink(person, first.id), unlink(person, second.id)]);
    expect(both.map(({ status }) => status).sort()).toEqual([204, 409]);
    expect(await db.identity.count({ where: { userId: person.id } })).toBe(1);
  });

  it("of somebody else do not exist", async () => {
    const [person, other] = [await withPassword(), await createPerson()];
    const foreign = await link(other.id, "github");
    expect((await unlink(person, foreign.id)).status).toBe(404);
  });
});

it("the export tells what is kept, and no secret", async () => {
  const team = await createTeam();
  const person = await withPassword();
  await join(team.projectId, person, "viewer");
  const answer = await call(exported.GET, { method: "GET", headers: person.headers });
  expect(answer.headers.get("content-disposition")).toBe('attachment; filename="dumont-account.json"');
  expect(answer.body).toMatchObject({
    account: { id: person.id, email: person.email },
    sign_in_methods: [{ kind: "password" }],
    memberships: [{ role: "viewer", project: { id: team.projectId } }],
    truncated: [],
  });
  expect(JSON.stringify(answer.body)).not.toContain("argon2");
});
