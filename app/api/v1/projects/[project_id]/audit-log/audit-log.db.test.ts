import { expect, test } from "vitest";
import * as installation from "@/app/api/v1/admin/audit-log/route";
import * as apiKeys from "@/app/api/v1/projects/[project_id]/api-keys/route";
import * as auditLog from "@/app/api/v1/projects/[project_id]/audit-log/route";
import * as auditLogCsv from "@/app/api/v1/projects/[project_id]/audit-log.csv/route";
import * as quotes from "@/app/api/v1/projects/[project_id]/quotes/route";
import * as webhook from "@/app/api/v1/projects/[project_id]/webhooks/[webhook_id]/route";
import * as webhooks from "@/app/api/v1/projects/[project_id]/webhooks/route";
import { call, codeOf, createKey, createPerson, createTeam, type Person } from "@/lib/accounts/testing";
import type { AuditEntry } from "@/lib/contracts/audit-log";
import { db } from "@/lib/db/client";
import { cleanUp } from "@/lib/queue/cleanup";

type Headers = Record<string, string>;

async function read(person: Pick<Person, "headers">, projectId: string, query = ""): Promise<AuditEntry[]> {
  const response = await auditLog.GET(
    new Request(`http://localhost:3000/api/v1/projects/${projectId}/audit-log${query}`, { headers: person.headers }),
    { params: Promise.resolve({ project_id: projectId }) },
  );
  expect(response.status).toBe(200);
  return ((await response.json()) as { data: AuditEntry[] }).data;
}

function createWebhook(headers: Headers, projectId: string, extra: Record<string, unknown> = {}) {
  return call(webhooks.POST, {
    method: "POST",
    params: { project_id: projectId },
    headers,
    body: { url: "https://ada:pw@example.com/hook?key=123", event_types: ["*"], ...extra },
  });
}

test("what is done is noted: who, what, to what, from where; without its secrets", async () => {
  const team = await createTeam();
  const created = await createWebhook(
    { ...team.member.headers, "x-forwarded-for": "203.0.113.9, 10.0.0.1", "user-agent": "curl/8.9" },
    team.projectId,
    { url: "https://example.com/hook?key=123", secret: "a-secret-that-nobody-may-read" },
  );
  expect(created.status).toBe(201);
  const { id } = created.body as { id: string };
  const [entry] = await read(team.admin, team.projectId);
  expect(entry).toMatchObject({
    project_id: team.projectId,
    actor: { kind: "user", id: team.member.id, name: team.member.email },
    action: "createWebhook",
    summary: "Create a webhook",
    target: { kind: "webhook", id },
    outcome: "done",
    code: null,
    address: "203.0.113.9",
    user_agent: "curl/8.9",
  });
  expect(entry?.request_id).toMatch(/^req_/);
  expect(entry?.details).toMatchObject({ event_types: ["*"], secret: "[redacted]" });
  expect(JSON.stringify(entry)).not.toMatch(/nobody-may-read|key=123/);
});

test("an API key is told by the name that it has then, and a refusal is noted with its reason", async () => {
  const team = await createTeam();
  const key = await createKey(team.projectId, ["project:read"]);
  const refused = await createWebhook(key.headers, "default");
  expect([refused.status, codeOf(refused)]).toEqual([403, "forbidden"]);
  const [entry] = await read(team.owner, team.projectId);
  expect(entry).toMatchObject({
    actor: { kind: "api_key", id: key.id, name: "Test key" },
    action: "createWebhook",
    outcome: "refused",
    code: "forbidden",
    target: null,
  });
});

test("what failed otherwise, was only tried, only read, or repeated is not noted", async () => {
  const team = await createTeam();
  const wrong = await createWebhook(team.member.headers, team.projectId, { url: "not a url" });
  expect(wrong.status).toBe(422);
  await call(quotes.POST, {
    method: "POST",
    params: { project_id: team.projectId },
    headers: team.member.headers,
    body: { pool_id: "pool_x", gpu_count: 1, starts_at: "2027-01-01T00:00:00Z", ends_at: "2027-01-01T01:00:00Z" },
  });
  await call(webhooks.GET, { method: "GET", params: { project_id: team.projectId }, headers: team.member.headers });
  expect(await read(team.admin, team.projectId)).toEqual([]);
  const once = { ...team.member.headers, "idempotency-key": "once" };
  const body = { url: "https://example.com/hook" };
  expect((await createWebhook(once, team.projectId, body)).status).toBe(201);
  expect((await createWebhook(once, team.projectId, body)).status).toBe(201);
  expect(await read(team.admin, team.projectId)).toHaveLength(1);
});

test("the log narrows by who, what, to what, outcome and time, and is read on page by page", async () => {
  const team = await createTeam();
  const { id } = (await createWebhook(team.member.headers, team.projectId, { url: "https://example.com/h" })).body as {
    id: string;
  };
  const change = (person: Person, enabled: boolean) =>
    call(webhook.PATCH, {
      method: "PATCH",
      params: { project_id: team.projectId, webhook_id: id },
      headers: person.headers,
      body: { enabled },
    });
  await change(team.member, false);
  await change(team.admin, true);
  await change(team.viewer, true);
  const actions = async (query: string) => (await read(team.owner, team.projectId, query)).map(({ action }) => action);
  expect(await actions("")).toEqual(["updateWebhook", "updateWebhook", "updateWebhook", "createWebhook"]);
  expect(await actions(`?actor_id=${team.member.id}`)).toEqual(["updateWebhook", "createWebhook"]);
  expect(await actions("?action=createWebhook")).toEqual(["createWebhook"]);
  expect(await actions(`?target_id=${id}&outcome=refused`)).toEqual(["updateWebhook"]);
  expect(await actions("?to=2020-01-01T00:00:00Z")).toEqual([]);

  const seen: string[] = [];
  let cursor = "";
  do {
    const response = await auditLog.GET(
      new Request(`http://localhost:3000/api/v1/x?limit=3${cursor}`, { headers: team.owner.headers }),
      { params: Promise.resolve({ project_id: team.projectId }) },
    );
    const page = (await response.json()) as { data: AuditEntry[]; next_cursor: string | null };
    seen.push(...page.data.map((entry) => entry.id));
    cursor = page.next_cursor === null ? "" : `&cursor=${page.next_cursor}`;
  } while (cursor !== "");
  expect(new Set(seen).size).toBe(4);
});

test("members do not see it, other projects' owners find nothing, and admins of the installation see all", async () => {
  const [team, other] = await Promise.all([createTeam(), createTeam()]);
  await createWebhook(team.member.headers, team.projectId, { url: "https://example.com/h" });
  const asked = (person: Person, projectId: string) =>
    call(auditLog.GET, { method: "GET", params: { project_id: projectId }, headers: person.headers });
  expect((await asked(team.member, team.projectId)).status).toBe(403);
  expect((await asked(other.owner, team.projectId)).status).toBe(404);
  expect(await read(other.owner, other.projectId)).toEqual([]);
  const root = await createPerson({ isAdmin: true });
  const all = await installation.GET(
    new Request(`http://localhost:3000/api/v1/admin/audit-log?project_id=${team.projectId}`, { headers: root.headers }),
    { params: Promise.resolve({}) },
  );
  expect(((await all.json()) as { data: AuditEntry[] }).data.map(({ action }) => action)).toEqual(["createWebhook"]);
  expect((await call(installation.GET, { method: "GET", headers: team.owner.headers })).status).toBe(403);
});

test("the CSV has every entry, and nothing in it becomes a formula", async () => {
  const team = await createTeam();
  const key = await createKey(team.projectId, ["keys:manage", "project:read"]);
  await db.apiKey.update({ where: { id: key.id }, data: { name: '=cmd|"x",1' } });
  await call(apiKeys.POST, {
    method: "POST",
    params: { project_id: "default" },
    headers: key.headers,
    body: { name: "CI", scopes: ["project:read"] },
  });
  const response = await auditLogCsv.GET(
    new Request("http://localhost:3000/api/v1/x", { headers: team.owner.headers }),
    {
      params: Promise.resolve({ project_id: team.projectId }),
    },
  );
  expect(response.headers.get("content-type")).toContain("text/csv");
  const lines = (await response.text()).trimEnd().split("\r\n");
  expect(lines).toHaveLength(2);
  expect(lines[0]).toMatch(/^time_utc,actor_kind,actor_id,/);
  expect(lines[1]).toContain(`"'=cmd|""x"",1"`);
  expect(lines[1]).toContain("createApiKey");
});

test("entries cannot be changed, only go when they are old enough", async () => {
  const team = await createTeam();
  await createWebhook(team.member.headers, team.projectId, { url: "https://example.com/h" });
  const where = { projectId: team.projectId };
  await expect(db.auditEntry.updateMany({ where, data: { actorName: "somebody else" } })).rejects.toThrow();
  await cleanUp(new Date());
  expect(await db.auditEntry.count({ where })).toBe(1);
  await cleanUp(new Date(Date.now() + 366 * 24 * 3_600_000));
  expect(await db.auditEntry.count({ where })).toBe(0);
});
