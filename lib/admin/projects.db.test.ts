import { beforeAll, describe, expect, it } from "vitest";
import { PATCH as changeRoute } from "@/app/api/v1/admin/projects/[project_id]/route";
import { GET as listRoute } from "@/app/api/v1/admin/projects/route";
import { requirePremium } from "@/lib/accounts/plan";
import { call, codeOf, createPerson, createTeam, type Person } from "@/lib/accounts/testing";
import { listProjects } from "@/lib/admin/projects";
import { listAdminProjects } from "@/lib/contracts/admin-projects";
import { db } from "@/lib/db/client";
import { createTestPool, createTestReservation } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import { createTestProject } from "@/lib/webhooks/testing";

const admin = { subject: { kind: "user", id: "usr_admin" } } as const;

describe("projects as admins see them", () => {
  let person: Person;
  beforeAll(async () => {
    person = await createPerson({ isAdmin: true });
  });

  it("are listed newest first with plan, members and open reservations", async () => {
    const team = await createTeam();
    const { projectId } = await createTestProject();
    const pool = await createTestPool();
    const startsAt = new Date(Date.now() + 3_600_000);
    await createTestReservation({ projectId: team.projectId, pool, gpuCount: 1, startsAt, hours: 1 });
    await createTestReservation({
      projectId: team.projectId,
      pool,
      gpuCount: 1,
      startsAt,
      hours: 1,
      status: "cancelled",
    });
    const { status, body } = await call(listRoute, { method: "GET", headers: person.headers });
    expect(status).toBe(200);
    expect(listAdminProjects.response.parse(body).data).toMatchObject([
      { id: projectId, member_count: 0 },
      { id: team.projectId, name: "Team", plan: "premium", member_count: 4, open_reservations: 1 },
    ]);
    const first = await listProjects(admin, { limit: 1 });
    expect(first.data.map(({ id }) => id)).toEqual([projectId]);
    const second = await listProjects(admin, { limit: 1, cursor: first.next_cursor ?? "" });
    expect(second.data.map(({ id }) => id)).toEqual([team.projectId]);
    await expect(listProjects(admin, { limit: 1, cursor: "x" })).rejects.toMatchObject({ code: "invalid_cursor" });
    for (const q of ["tEaM", team.projectId]) {
      expect((await listProjects(admin, { limit: 9, q })).data.map(({ id }) => id)).toEqual([team.projectId]);
    }
    expect((await listProjects(admin, { limit: 9, q: "100%" })).data).toEqual([]);
  });

  it("change their plan, and with it whether they may book", async () => {
    const actor = await createTestProject();
    await db.project.update({ where: { id: actor.projectId }, data: { plan: "free" } });
    await expect(requirePremium(actor)).rejects.toMatchObject({ code: "plan_required" });
    const params = { project_id: actor.projectId };
    const change = (body: unknown) => call(changeRoute, { method: "PATCH", headers: person.headers, params, body });
    expect(await change({ plan: "premium" })).toMatchObject({
      status: 200,
      body: { id: actor.projectId, plan: "premium" },
    });
    await expect(requirePremium(actor)).resolves.toBeUndefined();
    expect((await listProjects(admin, { limit: 50, plan: "free" })).data.map(({ id }) => id)).not.toContain(
      actor.projectId,
    );
    expect(await change({ plan: "premium" })).toMatchObject({ status: 200 });
    expect(await change({ plan: "free" })).toMatchObject({ body: { plan: "free" } });
    expect(codeOf(await change({ plan: "gold" }))).toBe("validation_failed");
    expect(codeOf(await change({ plan: "free", name: "x" }))).toBe("validation_failed");
    const nowhere = { project_id: newId("project") };
    const refused = await call(changeRoute, {
      method: "PATCH",
      headers: person.headers,
      params: nowhere,
      body: { plan: "free" },
    });
    expect(codeOf(refused)).toBe("not_found");
  });
});
