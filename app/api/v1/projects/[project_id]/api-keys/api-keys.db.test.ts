import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test, vi } from "vitest";
import * as apiKey from "@/app/api/v1/projects/[project_id]/api-keys/[key_id]/route";
import * as apiKeys from "@/app/api/v1/projects/[project_id]/api-keys/route";
import * as project from "@/app/api/v1/projects/[project_id]/route";
import { authenticate } from "@/lib/accounts/authenticate";
import { call, codeOf, createKey, createTeam } from "@/lib/accounts/testing";
import { apiKeyWithSecretSchema } from "@/lib/contracts/api-keys";
import { ALL_PERMISSIONS } from "@/lib/contracts/permissions";
import { db } from "@/lib/db/client";

function create(headers: Record<string, string>, projectId: string, scopes: readonly string[]) {
  return call(apiKeys.POST, {
    method: "POST",
    params: { project_id: projectId },
    body: { name: "CI", scopes },
    headers,
  });
}

function read(key: string) {
  return call(project.GET, {
    method: "GET",
    params: { project_id: "default" },
    headers: { authorization: `Bearer ${key}` },
  });
}

function requestWith(key: string): Request {
  return new Request("http://localhost:3000/api/v1/me", { headers: { authorization: `Bearer ${key}` } });
}

test("a key is shown once, stored as a hash, works until it is revoked and not a moment longer", async () => {
  const team = await createTeam();
  const created = await create(team.admin.headers, team.projectId, ["project:read", "project:read"]);
  expect(created.status).toBe(201);
  const { key, ...shown } = apiKeyWithSecretSchema.parse(created.body);
  expect(key).toMatch(/^dmt_[A-Za-z0-9_-]{43}$/);
  expect(shown).toMatchObject({
    prefix: key.slice(0, 12),
    scopes: ["project:read"],
    created_by: team.admin.id,
    last_used_at: null,
    revoked_at: null,
  });

  const stored = await db.apiKey.findUniqueOrThrow({ where: { id: shown.id } });
  expect(stored.hash).toBe(createHash("sha256").update(key).digest("hex"));
  expect(JSON.stringify(stored)).not.toContain(key.slice(12));
  const list = await call(apiKeys.GET, {
    method: "GET",
    params: { project_id: team.projectId },
    headers: team.admin.headers,
  });
  expect(JSON.stringify(list.body)).not.toContain(key.slice(12));

  expect(await read(key)).toMatchObject({ status: 200, body: { id: team.projectId, permissions: ["project:read"] } });
  const revoke = () =>
    call(apiKey.DELETE, {
      method: "DELETE",
      params: { project_id: team.projectId, key_id: shown.id },
      headers: team.admin.headers,
    });
  expect((await revoke()).status).toBe(204);
  const refused = await read(key);
  expect([refused.status, codeOf(refused)]).toEqual([401, "unauthenticated"]);
  expect((refused.body as { detail: string }).detail).toMatch(/revoked/);

  const first = (await db.apiKey.findUniqueOrThrow({ where: { id: shown.id } })).revokedAt;
  expect((await revoke()).status).toBe(204);
  expect((await db.apiKey.findUniqueOrThrow({ where: { id: shown.id } })).revokedAt).toEqual(first);
});

test("a key of one letter less or more is another key", async () => {
  const team = await createTeam();
  const { key } = await createKey(team.projectId, ["project:read"]);
  expect((await read(key)).status).toBe(200);
  for (const wrong of [
    key.slice(0, -1),
    `${key}x`,
    key.toLowerCase() === key ? key.toUpperCase() : key.toLowerCase(),
  ]) {
    expect((await read(wrong)).status).toBe(401);
  }
});

test("nobody gives a key more than they may do", async () => {
  const team = await createTeam();
  const manager = await createKey(team.projectId, ["keys:manage", "events:write"]);
  const refused = await create(manager.headers, team.projectId, ["events:write", "members:manage"]);
  expect([refused.status, codeOf(refused)]).toEqual([403, "forbidden"]);
  expect((await create(manager.headers, team.projectId, ["events:write"])).status).toBe(201);
  expect((await create(team.member.headers, team.projectId, ["events:write"])).status).toBe(403);
  expect((await create(team.owner.headers, team.projectId, ALL_PERMISSIONS)).status).toBe(201);
  expect(codeOf(await create(team.owner.headers, team.projectId, ["everything"]))).toBe("validation_failed");
  expect(codeOf(await create(team.owner.headers, team.projectId, []))).toBe("validation_failed");
});

test("a repeated POST with the same Idempotency-Key makes one key", async () => {
  const team = await createTeam();
  const headers = { ...team.owner.headers, "idempotency-key": "once" };
  const first = await create(headers, team.projectId, ["project:read"]);
  const second = await create(headers, team.projectId, ["project:read"]);
  expect(second.body).toEqual(first.body);
  expect(second.headers.get("idempotent-replayed")).toBe("true");
  expect(await db.apiKey.count({ where: { projectId: team.projectId } })).toBe(1);
  const stored = await db.idempotencyKey.findFirstOrThrow({ where: { key: "once" } });
  expect(stored.response).not.toContain(apiKeyWithSecretSchema.parse(first.body).key);
});

test("the last use is noted, but not more than once a minute", async () => {
  const team = await createTeam();
  const { id, key } = await createKey(team.projectId, ["project:read"]);
  const lastUsed = async () => (await db.apiKey.findUniqueOrThrow({ where: { id } })).lastUsedAt;

  await authenticate(requestWith(key));
  const first = await vi.waitFor(async () => {
    const at = await lastUsed();
    expect(at).not.toBeNull();
    return at;
  });
  await Promise.all(Array.from({ length: 20 }, () => authenticate(requestWith(key))));
  // Nobody waits for the writes that must not happen, so they get time to do so.
  await sleep(300);
  expect(await lastUsed()).toEqual(first);

  const aMinuteAgo = new Date(Date.now() - 61_000);
  await db.apiKey.update({ where: { id }, data: { lastUsedAt: aMinuteAgo } });
  await authenticate(requestWith(key));
  await vi.waitFor(async () => expect((await lastUsed())?.getTime()).toBeGreaterThan(aMinuteAgo.getTime()));
});

test("scopes that this version does not know allow nothing", async () => {
  const team = await createTeam();
  const { id, key } = await createKey(team.projectId, ["project:read"]);
  await db.apiKey.update({ where: { id }, data: { scopes: ["project:read", "time:travel"] } });
  expect(await authenticate(requestWith(key))).toMatchObject({ scopes: ["project:read"] });
});
