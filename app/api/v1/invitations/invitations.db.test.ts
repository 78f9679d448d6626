import { createHash } from "node:crypto";
import { beforeAll, describe, expect, test } from "vitest";
import { POST as accept } from "@/app/api/v1/invitations/[token]/accept/route";
import * as invitation from "@/app/api/v1/projects/[project_id]/invitations/[invitation_id]/route";
import * as invitations from "@/app/api/v1/projects/[project_id]/invitations/route";
import { previewInvitation } from "@/lib/accounts/invitations";
import { logIn } from "@/lib/accounts/login";
import { call, codeOf, createKey, createPerson, createTeam, type Person } from "@/lib/accounts/testing";
import { invitationWithLinkSchema } from "@/lib/contracts/accounts";
import { ALL_PERMISSIONS } from "@/lib/contracts/permissions";
import { db } from "@/lib/db/client";

const NEWCOMER = { name: "Grace", password: "a long password" };

let team: Awaited<ReturnType<typeof createTeam>>;
let count = 0;

beforeAll(async () => {
  team = await createTeam();
});

function newAddress(): string {
  count += 1;
  return `guest${count}@example.com`;
}

function create(by: Pick<Person, "headers">, email: string, role: string) {
  const params = { project_id: team.projectId };
  return call(invitations.POST, { method: "POST", params, body: { email, role }, headers: by.headers });
}

async function invite(email: string, role = "member") {
  const { status, body } = await create(team.admin, email, role);
  expect(status).toBe(201);
  const { id, link } = invitationWithLinkSchema.parse(body);
  const token = /^http:\/\/localhost:3000\/invite\/([A-Za-z0-9_-]{43})$/.exec(link)?.[1];
  if (!token) throw new Error(`Unexpected link ${link}`);
  return { id, token };
}

function join(token: string, { by, body = {} }: { by?: Pick<Person, "headers">; body?: object } = {}) {
  return call(accept, { method: "POST", params: { token }, body, headers: by?.headers ?? {} });
}

function expectRefused(outcome: Awaited<ReturnType<typeof call>>, status: number, code: string): void {
  expect([outcome.status, codeOf(outcome)]).toEqual([status, code]);
}

async function rolesOf(email: string): Promise<string[]> {
  const members = await db.member.findMany({ where: { projectId: team.projectId, user: { email } } });
  return members.map(({ role }) => role);
}

describe("somebody without an account", () => {
  test("gets one for the invited address and joins, once", async () => {
    const email = newAddress();
    const { token, id } = await invite(email.toUpperCase(), "viewer");
    expect((await db.invitation.findUniqueOrThrow({ where: { id } })).tokenHash).toBe(
      createHash("sha256").update(token).digest("hex"),
    );
    expect(await previewInvitation(token)).toEqual({
      projectName: "Team",
      email,
      role: "viewer",
      state: "open",
      hasAccount: false,
      expiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const joined = await join(token, { body: NEWCOMER });
    expect(joined).toMatchObject({ status: 200, body: { project_id: team.projectId, email } });
    expect(await logIn({ email, password: NEWCOMER.password }, "192.0.2.1")).toMatchObject({ email, name: "Grace" });
    expect(await rolesOf(email)).toEqual(["viewer"]);
    expect(await previewInvitation(token)).toMatchObject({ state: "accepted", hasAccount: true });
    expectRefused(await join(token, { body: NEWCOMER }), 410, "gone");
    expectRefused(await join(token, { by: await createPerson() }), 410, "gone");
  });

  test("is asked for name and password", async () => {
    const { token } = await invite(newAddress());
    expect(await join(token)).toMatchObject({
      status: 422,
      body: { errors: [{ field: "name" }, { field: "password" }] },
    });
    expect(await join(token, { body: { name: "Grace", password: "short" } })).toMatchObject({
      status: 422,
      body: { errors: [{ field: "password" }] },
    });
    expect(await previewInvitation(token)).toMatchObject({ state: "open", hasAccount: false });
  });

  test("cannot take over an account of the invited address", async () => {
    const person = await createPerson();
    const { token } = await invite(person.email);
    expectRefused(await join(token, { body: NEWCOMER }), 409, "conflict");
    expect(await logIn({ email: person.email, password: NEWCOMER.password }, "192.0.2.1")).toBeNull();
    expect(await previewInvitation(token)).toMatchObject({ state: "open", hasAccount: true });
    expect((await join(token, { by: person })).status).toBe(200);
  });

  test("is one person, however often the form is sent", async () => {
    const email = newAddress();
    const { token } = await invite(email);
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => join(token, { body: NEWCOMER })));
    expect(outcomes.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(outcomes.filter(({ status }) => status === 409 || status === 410)).toHaveLength(7);
    expect(await rolesOf(email)).toEqual(["member"]);
  });
});

describe("somebody who is signed in", () => {
  test("joins with their account, whichever address was invited", async () => {
    const person = await createPerson();
    const invited = newAddress();
    const { token } = await invite(invited, "admin");
    expect(await join(token, { by: person })).toMatchObject({ status: 200, body: { email: person.email } });
    expect(await rolesOf(person.email)).toEqual(["admin"]);
    expect(await db.user.count({ where: { email: invited } })).toBe(0);
  });

  test("cannot join twice, and the invitation stays for whom it is meant", async () => {
    const { token } = await invite(newAddress());
    expectRefused(await join(token, { by: team.viewer }), 409, "conflict");
    expect(await rolesOf(team.viewer.email)).toEqual(["viewer"]);
    expect((await join(token, { body: NEWCOMER })).status).toBe(200);
  });

  test("is the only one of several who gets in at the same time", async () => {
    const { token } = await invite(newAddress());
    const people = await Promise.all(Array.from({ length: 6 }, () => createPerson()));
    const outcomes = await Promise.all(people.map((person) => join(token, { by: person })));
    expect(outcomes.map(({ status }) => status).sort()).toEqual([200, 410, 410, 410, 410, 410]);
    const ids = people.map(({ id }) => id);
    expect(await db.member.count({ where: { projectId: team.projectId, userId: { in: ids } } })).toBe(1);
  });

  test("is a person: API keys and other sites are refused", async () => {
    const { token } = await invite(newAddress());
    expectRefused(await join(token, { by: await createKey(team.projectId, ALL_PERMISSIONS) }), 403, "forbidden");
    const elsewhere = { ...(await createPerson()).headers, "sec-fetch-site": "cross-site" };
    expectRefused(await join(token, { by: { headers: elsewhere } }), 403, "cross_site_request");
  });
});

describe("a link", () => {
  test("that never was, was withdrawn, replaced or has expired admits nobody", async () => {
    const person = await createPerson();
    expectRefused(await join("x".repeat(43), { by: person }), 404, "not_found");
    expect(await previewInvitation("x".repeat(43))).toBeNull();

    const email = newAddress();
    const replaced = await invite(email);
    const withdrawn = await invite(email);
    expectRefused(await join(replaced.token, { by: person }), 404, "not_found");
    const withdraw = () =>
      call(invitation.DELETE, {
        method: "DELETE",
        params: { project_id: team.projectId, invitation_id: withdrawn.id },
        headers: team.owner.headers,
      });
    expect((await withdraw()).status).toBe(204);
    expect((await withdraw()).status).toBe(404);
    expectRefused(await join(withdrawn.token, { by: person }), 404, "not_found");

    const expired = await invite(newAddress());
    await db.invitation.update({ where: { id: expired.id }, data: { expiresAt: new Date(Date.now() - 1) } });
    expectRefused(await join(expired.token, { by: person }), 410, "gone");
    expect(await previewInvitation(expired.token)).toMatchObject({ state: "expired" });
    expect(await rolesOf(person.email)).toEqual([]);
  });

  test("is valid for 7 days", async () => {
    const { id } = await invite(newAddress());
    const { createdAt, expiresAt } = await db.invitation.findUniqueOrThrow({ where: { id } });
    expect(Math.round((expiresAt.getTime() - createdAt.getTime()) / 60_000)).toBe(7 * 24 * 60);
  });

  test("is shown only once, and only the open ones are listed", async () => {
    const email = newAddress();
    const { token } = await invite(email);
    const { body } = await call(invitations.GET, {
      method: "GET",
      params: { project_id: team.projectId },
      headers: team.admin.headers,
    });
    expect(JSON.stringify(body)).toContain(email);
    expect(JSON.stringify(body)).not.toContain(token);
    await join(token, { body: NEWCOMER });
    const after = await call(invitations.GET, {
      method: "GET",
      params: { project_id: team.projectId },
      headers: team.admin.headers,
    });
    expect(JSON.stringify(after.body)).not.toContain(email);
  });
});

test("nobody invites to more than they may do, nor a member", async () => {
  expectRefused(await create(team.admin, newAddress(), "owner"), 403, "forbidden");
  expect((await create(team.owner, newAddress(), "owner")).status).toBe(201);
  const narrow = await createKey(team.projectId, ["members:manage", "project:read"]);
  expectRefused(await create(narrow, newAddress(), "admin"), 403, "forbidden");
  expectRefused(await create(team.owner, team.viewer.email, "admin"), 409, "conflict");
});

test("inviting the same address many times at once leaves one link", async () => {
  const email = newAddress();
  await Promise.all(Array.from({ length: 6 }, () => create(team.admin, email, "viewer")));
  expect(await db.invitation.count({ where: { projectId: team.projectId, email } })).toBe(1);
});
