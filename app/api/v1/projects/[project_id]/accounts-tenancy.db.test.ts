import { beforeAll, describe, expect, test } from "vitest";
import * as me from "@/app/api/v1/me/route";
import * as apiKey from "@/app/api/v1/projects/[project_id]/api-keys/[key_id]/route";
import * as apiKeys from "@/app/api/v1/projects/[project_id]/api-keys/route";
import * as invitation from "@/app/api/v1/projects/[project_id]/invitations/[invitation_id]/route";
import * as invitations from "@/app/api/v1/projects/[project_id]/invitations/route";
import * as member from "@/app/api/v1/projects/[project_id]/members/[member_id]/route";
import * as members from "@/app/api/v1/projects/[project_id]/members/route";
import * as project from "@/app/api/v1/projects/[project_id]/route";
import * as projects from "@/app/api/v1/projects/route";
import { createInvitation } from "@/lib/accounts/invitations";
import { resolveActor } from "@/lib/accounts/resolve-actor";
import { call, codeOf, createKey, createPerson, createTeam } from "@/lib/accounts/testing";
import * as accountOperations from "@/lib/contracts/accounts";
import * as keyOperations from "@/lib/contracts/api-keys";
import { ALL_PERMISSIONS } from "@/lib/contracts/permissions";
import { db } from "@/lib/db/client";

type Team = Awaited<ReturnType<typeof createTeam>> & { keyId: string; invitationId: string; keyHeaders: object };

type Case = {
  operation: { id: string; method: string };
  handler: Parameters<typeof call>[0];
  /** The id of something in the team, for operations on one. */
  target?: (team: Team) => Record<string, string>;
  body?: unknown;
  viewer: "allowed" | "forbidden";
};

const CASES: Case[] = [
  { operation: accountOperations.getProject, handler: project.GET, viewer: "allowed" },
  { operation: accountOperations.updateProject, handler: project.PATCH, body: { name: "New" }, viewer: "forbidden" },
  { operation: accountOperations.listMembers, handler: members.GET, viewer: "allowed" },
  {
    operation: accountOperations.updateMember,
    handler: member.PATCH,
    target: (team) => ({ member_id: team.member.memberId }),
    body: { role: "viewer" },
    viewer: "forbidden",
  },
  {
    operation: accountOperations.removeMember,
    handler: member.DELETE,
    target: (team) => ({ member_id: team.member.memberId }),
    viewer: "forbidden",
  },
  { operation: accountOperations.listInvitations, handler: invitations.GET, viewer: "forbidden" },
  {
    operation: accountOperations.createInvitation,
    handler: invitations.POST,
    body: { email: "someone@example.com", role: "viewer" },
    viewer: "forbidden",
  },
  {
    operation: accountOperations.revokeInvitation,
    handler: invitation.DELETE,
    target: (team) => ({ invitation_id: team.invitationId }),
    viewer: "forbidden",
  },
  { operation: keyOperations.listApiKeys, handler: apiKeys.GET, viewer: "forbidden" },
  {
    operation: keyOperations.createApiKey,
    handler: apiKeys.POST,
    body: { name: "CI", scopes: ["project:read"] },
    viewer: "forbidden",
  },
  {
    operation: keyOperations.revokeApiKey,
    handler: apiKey.DELETE,
    target: (team) => ({ key_id: team.keyId }),
    viewer: "forbidden",
  },
];

let ours: Team;
let theirs: Team;

beforeAll(async () => {
  [ours, theirs] = [await createFullTeam(), await createFullTeam()];
});

test("every operation on a project has a case here", () => {
  const all = [...Object.values(accountOperations), ...Object.values(keyOperations)].flatMap((value) =>
    "auth" in value && value.auth === "project" ? [value.id] : [],
  );
  expect(CASES.map(({ operation }) => operation.id).sort()).toEqual(all.sort());
});

describe.each(CASES)("$operation.id", ({ operation, handler, target, body, viewer }) => {
  const send = (headers: object, projectId: string, team: Team) =>
    call(handler, {
      method: operation.method,
      params: { project_id: projectId, ...target?.(team) },
      headers: { ...headers },
      ...(body === undefined ? {} : { body }),
    });

  test("needs a caller", async () => {
    const outcome = await send({}, ours.projectId, ours);
    expect([outcome.status, codeOf(outcome)]).toEqual([401, "unauthenticated"]);
  });

  test("does not find another project, whether it exists or not", async () => {
    const before = await contents();
    const answers = [
      await send(ours.owner.headers, theirs.projectId, theirs),
      await send(ours.owner.headers, "prj_01k6q40a1b2c3d4e5f6g7h8j9k", theirs),
      await send(ours.keyHeaders, theirs.projectId, theirs),
      await send(ours.keyHeaders, "prj_01k6q40a1b2c3d4e5f6g7h8j9k", theirs),
    ];
    for (const answer of answers) expect([answer.status, codeOf(answer)]).toEqual([404, "not_found"]);
    const details = answers.map((answer) => (answer.body as { detail: string }).detail);
    expect(new Set(details).size).toBe(1);
    expect(await contents()).toEqual(before);
  });

  if (target) {
    test("does not find what belongs to another project", async () => {
      const before = await contents();
      for (const headers of [ours.owner.headers, ours.keyHeaders]) {
        const answer = await send(headers, ours.projectId, theirs);
        expect([answer.status, codeOf(answer)]).toEqual([404, "not_found"]);
      }
      expect(await contents()).toEqual(before);
    });
  }

  test(`is ${viewer} for a viewer`, async () => {
    const outcome = await send(ours.viewer.headers, ours.projectId, ours);
    if (viewer === "allowed") expect(outcome.status).toBe(200);
    else expect([outcome.status, codeOf(outcome)]).toEqual([403, "forbidden"]);
  });

  test("is forbidden for a key without scopes", async () => {
    const { headers } = await createKey(ours.projectId, []);
    expect((await send(headers, ours.projectId, ours)).status).toBe(403);
  });

  test("is refused when another site sends it with the cookie", async () => {
    const outcome = await send({ ...ours.owner.headers, "sec-fetch-site": "cross-site" }, ours.projectId, ours);
    if (operation.method === "GET") expect(outcome.status).toBe(200);
    else expect([outcome.status, codeOf(outcome)]).toEqual([403, "cross_site_request"]);
  });
});

test("default is the key's own project, and a person's first", async () => {
  const read = (headers: object) =>
    call(project.GET, { method: "GET", params: { project_id: "default" }, headers: { ...headers } });
  expect((await read(theirs.keyHeaders)).body).toMatchObject({ id: theirs.projectId, role: null });

  const person = await createPerson();
  expect((await read(person.headers)).status).toBe(404);
  const names = ["first", "second"];
  for (const name of names) {
    const created = await call(projects.POST, { method: "POST", body: { name }, headers: person.headers });
    expect(created).toMatchObject({ status: 201, body: { name, plan: "free", role: "owner" } });
  }
  expect((await read(person.headers)).body).toMatchObject({ name: "first", role: "owner" });
  const { body } = await call(me.GET, { method: "GET", headers: person.headers });
  expect(body).toMatchObject({ id: person.id, email: person.email, projects: names.map((name) => ({ name })) });
});

test("an API key is nobody's person", async () => {
  for (const answer of [
    await call(me.GET, { method: "GET", headers: { ...ours.keyHeaders } }),
    await call(projects.POST, { method: "POST", body: { name: "x" }, headers: { ...ours.keyHeaders } }),
  ]) {
    expect([answer.status, codeOf(answer)]).toEqual([403, "forbidden"]);
  }
});

test("a wrong key is refused even beside a good cookie, other schemes are passed over", async () => {
  const read = (authorization: string) =>
    call(me.GET, { method: "GET", headers: { ...ours.owner.headers, authorization } });
  for (const authorization of ["Bearer dmt_wrong", "bearer dmt_wrong", "Bearer", "Bearer "]) {
    const answer = await read(authorization);
    expect([answer.status, codeOf(answer)]).toEqual([401, "unauthenticated"]);
  }
  expect((await read("Basic cHJveHk6cHJveHk=")).status).toBe(200);
});

async function createFullTeam(): Promise<Team> {
  const team = await createTeam();
  const key = await createKey(team.projectId, ALL_PERMISSIONS);
  const owner = await resolveActor(
    { kind: "user", userId: team.owner.id, email: team.owner.email, isAdmin: false },
    team.projectId,
  );
  const { id } = await createInvitation(owner, { email: `guest-${team.projectId}@example.com`, role: "member" });
  return { ...team, keyId: key.id, keyHeaders: key.headers, invitationId: id };
}

/** What the other team has, apart from the time at which its key was used. */
async function contents(): Promise<unknown> {
  const where = { projectId: theirs.projectId };
  return Promise.all([
    db.project.findUnique({ where: { id: theirs.projectId } }),
    db.member.findMany({ where, orderBy: { id: "asc" } }),
    db.invitation.findMany({ where, orderBy: { id: "asc" } }),
    db.apiKey.findMany({ where, orderBy: { id: "asc" }, omit: { lastUsedAt: true } }),
  ]);
}
