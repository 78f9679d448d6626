import { expect, test } from "vitest";
import { DELETE, PATCH } from "@/app/api/v1/projects/[project_id]/members/[member_id]/route";
import { GET } from "@/app/api/v1/projects/[project_id]/members/route";
import type { Principal } from "@/lib/accounts/actor";
import { createInvitation, listInvitations } from "@/lib/accounts/invitations";
import { changeRole, removeMember } from "@/lib/accounts/members";
import { resolveActor } from "@/lib/accounts/resolve-actor";
import { call, codeOf, createKey, createPerson, createTeam, join, type Person } from "@/lib/accounts/testing";
import { memberSchema } from "@/lib/contracts/accounts";
import { ALL_PERMISSIONS } from "@/lib/contracts/permissions";
import { db } from "@/lib/db/client";

function patch(by: Pick<Person, "headers">, projectId: string, memberId: string, role: string) {
  const params = { project_id: projectId, member_id: memberId };
  return call(PATCH, { method: "PATCH", params, body: { role }, headers: by.headers });
}

function remove(by: Pick<Person, "headers">, projectId: string, memberId: string) {
  return call(DELETE, {
    method: "DELETE",
    params: { project_id: projectId, member_id: memberId },
    headers: by.headers,
  });
}

function principal(person: Person): Principal {
  return { kind: "user", userId: person.id, email: person.email, isAdmin: false };
}

function owners(projectId: string): Promise<number> {
  return db.member.count({ where: { projectId, role: "owner" } });
}

test("every member sees the members, in the order in which they joined", async () => {
  const team = await createTeam();
  const { status, body } = await call(GET, {
    method: "GET",
    params: { project_id: team.projectId },
    headers: team.viewer.headers,
  });
  expect(status).toBe(200);
  const { data } = body as { data: unknown[] };
  expect(data.map((member) => memberSchema.parse(member).role)).toEqual(["owner", "admin", "member", "viewer"]);
});

test("owners and admins change roles, but only owners deal with owners", async () => {
  const team = await createTeam();
  expect(await patch(team.admin, team.projectId, team.viewer.memberId, "member")).toMatchObject({
    status: 200,
    body: { id: team.viewer.memberId, role: "member" },
  });
  for (const outcome of [
    await patch(team.admin, team.projectId, team.viewer.memberId, "owner"),
    await patch(team.admin, team.projectId, team.owner.memberId, "viewer"),
    await remove(team.admin, team.projectId, team.owner.memberId),
    await patch(team.member, team.projectId, team.viewer.memberId, "viewer"),
    await remove(team.member, team.projectId, team.viewer.memberId),
  ]) {
    expect([outcome.status, codeOf(outcome)]).toEqual([403, "forbidden"]);
  }
  expect(await patch(team.owner, team.projectId, team.admin.memberId, "owner")).toMatchObject({ status: 200 });
  expect(await patch(team.admin, team.projectId, team.owner.memberId, "viewer")).toMatchObject({ status: 200 });
});

test("an API key deals with no owners and gives nobody more than it may do itself", async () => {
  const team = await createTeam();
  const full = await createKey(team.projectId, ALL_PERMISSIONS);
  const narrow = await createKey(team.projectId, ["project:read", "members:manage"]);
  expect((await patch(full, team.projectId, team.viewer.memberId, "admin")).status).toBe(200);
  expect((await patch(full, team.projectId, team.owner.memberId, "admin")).status).toBe(403);
  expect((await patch(narrow, team.projectId, team.member.memberId, "admin")).status).toBe(403);
  expect((await remove(narrow, team.projectId, team.admin.memberId)).status).toBe(403);
});

test("anybody may leave, except the last owner", async () => {
  const team = await createTeam();
  expect((await remove(team.viewer, team.projectId, team.viewer.memberId)).status).toBe(204);
  expect((await remove(team.viewer, team.projectId, team.viewer.memberId)).status).toBe(404);
  const refused = await remove(team.owner, team.projectId, team.owner.memberId);
  expect([refused.status, codeOf(refused)]).toEqual([409, "conflict"]);
  const demoted = await patch(team.owner, team.projectId, team.owner.memberId, "admin");
  expect([demoted.status, codeOf(demoted)]).toEqual([409, "conflict"]);
  expect((await patch(team.owner, team.projectId, team.owner.memberId, "owner")).status).toBe(200);
});

test("removing a member withdraws the invitations they sent", async () => {
  const team = await createTeam();
  await createInvitation(await resolveActor(principal(team.admin), team.projectId), {
    email: "friend@example.com",
    role: "viewer",
  });
  const owner = await resolveActor(principal(team.owner), team.projectId);
  await createInvitation(owner, { email: "other@example.com", role: "viewer" });
  await removeMember(owner, team.admin.memberId);
  expect((await listInvitations(owner)).map(({ email }) => email)).toEqual(["other@example.com"]);
});

test("owners who all give up at the same time leave one owner behind", async () => {
  const team = await createTeam();
  const crew = [team.owner];
  for (let index = 0; index < 7; index += 1) {
    crew.push(await join(team.projectId, await createPerson(), "owner"));
  }
  for (let round = 0; round < 5; round += 1) {
    const outcomes = await Promise.all(
      crew.map((person, index) =>
        index % 2 === 0
          ? patch(person, team.projectId, person.memberId, "member")
          : patch(person, team.projectId, crew[index - 1]?.memberId ?? "", "admin"),
      ),
    );
    expect(await owners(team.projectId)).toBeGreaterThanOrEqual(1);
    expect(outcomes.map(({ status }) => status).filter((status) => ![200, 403, 409].includes(status))).toEqual([]);
    await db.member.updateMany({
      where: { id: { in: crew.map(({ memberId }) => memberId) } },
      data: { role: "owner" },
    });
  }
  await Promise.all(crew.map((person) => remove(person, team.projectId, person.memberId)));
  expect(await owners(team.projectId)).toBe(1);
});

test("an owner who was removed a moment ago no longer acts as one", async () => {
  const team = await createTeam();
  const second = await join(team.projectId, await createPerson(), "owner");
  const third = await join(team.projectId, await createPerson(), "owner");
  // What a request knows that was authorised before the removal.
  const stale = await resolveActor(principal(second), team.projectId);
  await removeMember(await resolveActor(principal(team.owner), team.projectId), second.memberId);
  await expect(removeMember(stale, third.memberId)).rejects.toMatchObject({ code: "forbidden" });
  await expect(changeRole(stale, { memberId: team.admin.memberId, role: "owner" })).rejects.toMatchObject({
    code: "forbidden",
  });
});
