import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { POST as createKeyRoute } from "@/app/api/v1/projects/[project_id]/api-keys/route";
import { call, codeOf, createKey, createPerson, join, type Person } from "@/lib/accounts/testing";
import * as contract from "@/lib/contracts/admin";
import { problemSchema } from "@/lib/contracts/problem";
import { db } from "@/lib/db/client";
import { pool } from "@/lib/db/pool";
import { newId, newIdAt } from "@/lib/ids";
import { useDeliveries } from "@/lib/queue/testing";
import { createTestProject, createTestWebhook } from "@/lib/webhooks/testing";
import { GET as statusRoute } from "./status/route";
import { POST as cleanUpRoute } from "./webhooks/cleanup/route";
import { GET as deliveriesRoute } from "./webhooks/deliveries/route";
import { GET as endpointsRoute } from "./webhooks/endpoints/route";
import { POST as reloadRoute } from "./webhooks/reload/route";
import { POST as stuckRoute } from "./webhooks/retry-stuck/route";

const FOLDER = vi.hoisted(() => {
  const folder = `${process.env.TMPDIR ?? "/tmp"}/dumont-admin-${process.pid}`;
  process.env.WEBHOOKS_FILE = `${folder}/webhooks.yaml`;
  process.env.SECRETS_DIR = `${folder}/secrets`;
  return folder;
});

const DAY_MS = 24 * 3600 * 1000;

type Route = Parameters<typeof call>[0];

describe("the admin API", () => {
  const { actor, emitNow, receiver } = useDeliveries();
  let admin: Person;

  beforeAll(async () => {
    admin = await createPerson({ isAdmin: true });
  });

  beforeEach(async () => {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(path.join(FOLDER, "secrets"), { recursive: true });
    writeFileSync(path.join(FOLDER, "secrets", "one"), "a-secret-0123456789");
    await db.event.deleteMany();
    await db.webhook.deleteMany();
  });

  const ask = (route: Route, query = "", headers = admin.headers) => {
    const withQuery: Route = (request, context) =>
      route(new Request(`${request.url}${query}`, { method: request.method, headers: request.headers }), context);
    return call(withQuery, { method: "POST", headers });
  };
  const write = (text: string) => writeFileSync(path.join(FOLDER, "webhooks.yaml"), text);
  const listed = async (query = "") =>
    contract.listAdminEndpoints.response.parse((await ask(endpointsRoute, query)).body);

  test("reload puts the file into force and says what that changed", async () => {
    write("- {id: a, url: 'https://example.com/a', secret: one, events: ['*']}\n");
    const first = await ask(reloadRoute);
    expect([first.status, first.body]).toEqual([
      200,
      { loaded: 1, created: 1, updated: 0, removed: 0, unchanged: 0, errors: [] },
    ]);
    expect((await ask(reloadRoute)).body).toMatchObject({ unchanged: 1, created: 0 });
    const { data, file } = await listed("?source=file");
    expect(data).toMatchObject([{ source: "file", file: { key: "a", secret_name: "one", secret_source: "file" } }]);
    expect(file.last_load).toMatchObject({ trigger: "admin", errors: [], result: { unchanged: 1 } });
  });

  test("reload of a bad file answers 422 with every mistake and changes nothing", async () => {
    write("- {id: a, url: 'https://example.com/a', secret: one, events: ['*']}\n");
    await ask(reloadRoute);
    write("- {id: a, url: 'ftp://x', secret: one, events: []}\n- {id: b}\n");
    const refused = await ask(reloadRoute);
    expect(refused.status).toBe(422);
    const { errors } = problemSchema.parse(refused.body);
    expect(errors.map(({ field }) => field)).toEqual(
      expect.arrayContaining(["webhooks[0].url", "webhooks[0].events", "webhooks[1].secret"]),
    );
    expect(errors.find(({ field }) => field === "webhooks[1].secret")?.message).toMatch(/^Line 2: /);
    const { data, file } = await listed();
    expect(data).toMatchObject([{ url: "https://example.com/a", enabled: true }]);
    expect(file.last_load?.errors.length).toBe(errors.length);
    expect(file.last_load?.applied_at).not.toBeNull();
  });

  test("endpoints and deliveries reach over all projects, in pages", async () => {
    const { url } = await receiver();
    const other = await createTestProject();
    for (const owner of [actor(), other]) await createTestWebhook(owner, { url: url(), event_types: ["*"] });
    await emitNow();
    await emitNow();
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page = await listed(`?limit=1${cursor === "" ? "" : `&cursor=${cursor}`}`);
      expect(page.data.length).toBeLessThanOrEqual(1);
      seen.push(...page.data.map(({ project }) => project.id));
      cursor = page.next_cursor;
    }
    expect(seen).toEqual([other.projectId, actor().projectId]);
    expect((await listed(`?project_id=${other.projectId}`)).data).toHaveLength(1);

    const deliveries = async (query: string) =>
      contract.listAdminDeliveries.response.parse((await ask(deliveriesRoute, query)).body).data;
    expect(await deliveries("")).toMatchObject([
      { project_id: actor().projectId, status: "pending" },
      { project_id: actor().projectId },
    ]);
    expect(await deliveries(`?project_id=${other.projectId}`)).toEqual([]);
    expect(await deliveries("?status=failed")).toEqual([]);
    expect(await deliveries("?event_type=instance.started&limit=1")).toHaveLength(1);
    expect(codeOf(await ask(deliveriesRoute, "?cursor=nonsense"))).toBe("invalid_cursor");
    expect(codeOf(await ask(endpointsRoute, "?cursor=nonsense"))).toBe("invalid_cursor");
  });

  test("clean-up removes what is older, and a dry run only counts it", async () => {
    const old = async (days: number) => {
      const at = new Date(Date.now() - days * DAY_MS);
      const { projectId } = actor();
      const id = newIdAt("event", at);
      await db.event.create({
        data: { id, projectId, type: "x", body: "{}", correlationId: id, source: "api", occurredAt: at, createdAt: at },
      });
    };
    for (const days of [1, 5, 10, 40]) await old(days);
    const cleanUp = async (query: string) =>
      contract.cleanUpDeliveries.response.parse((await ask(cleanUpRoute, query)).body);
    expect(await cleanUp("?days=7&dry_run=true")).toMatchObject({ dry_run: true, days: 7, removed: { events: 2 } });
    expect(await db.event.count()).toBe(4);
    expect(await cleanUp("?days=7")).toMatchObject({ dry_run: false, days: 7, removed: { events: 2 } });
    expect(await db.event.count()).toBe(2);
    expect(await cleanUp("?dry_run=true")).toMatchObject({ days: 30, removed: { events: 0 } });
    for (const wrong of ["?days=0", "?days=-1", "?days=x", "?days=99999", "?dry_run=maybe"]) {
      expect((await ask(cleanUpRoute, wrong)).status, wrong).toBe(422);
    }
  });

  test("stuck deliveries are counted, and brought back", async () => {
    const { url } = await receiver();
    const kept = await createTestWebhook(actor(), { url: url(), event_types: ["*"] });
    const gone = await createTestWebhook(actor(), { url: url(), event_types: ["*"], ordering: "strict" });
    await emitNow();
    await emitNow();
    await pool().query("UPDATE delivery SET next_attempt_at = NULL WHERE webhook_id = $1", [kept.id]);
    await pool().query("UPDATE webhook SET deleted_at = now() WHERE id = $1", [gone.id]);
    const queue = async () => contract.adminStatusSchema.parse((await ask(statusRoute)).body).queue;
    expect(await queue()).toMatchObject({ waiting: 4, due: 2, stuck: 4 });
    expect((await ask(stuckRoute)).body).toEqual({ cancelled: 2, resumed: 2 });
    const after = await queue();
    expect(after).toMatchObject({ waiting: 2, due: 2, under_way: 0, stuck: 0 });
    expect(after.oldest_due_at).not.toBeNull();
  });

  test("status tells live workers from dead ones, and what keeps one from sending", async () => {
    await db.workerBeat.deleteMany();
    const beat = (id: string, ageMs: number, trouble: string | null) => {
      const at = new Date(Date.now() - ageMs);
      return db.workerBeat.create({ data: { id, host: "h", pid: 1, startedAt: at, beatAt: at, trouble } });
    };
    await beat("dead", 60_000, null);
    await beat("alive", 0, "No name server answers.");
    const { workers } = contract.adminStatusSchema.parse((await ask(statusRoute)).body);
    expect(workers.map(({ id, alive, trouble }) => [id, alive, trouble])).toEqual([
      ["alive", true, "No name server answers."],
      ["dead", false, null],
    ]);
  });

  test("only a signed-in installation admin gives a key the scope, and it opens the admin API", async () => {
    const { projectId } = actor();
    const create = (headers: Record<string, string>, scopes: string[]) =>
      call(createKeyRoute, {
        method: "POST",
        params: { project_id: projectId },
        headers,
        body: { name: "Operations", scopes },
      });
    const owner = await join(projectId, await createPerson(), "owner");
    expect((await create(owner.headers, ["admin"])).status).toBe(403);
    const key = await createKey(projectId, ["keys:manage", "admin"]);
    expect((await create(key.headers, ["admin"])).status, "a key makes no such key").toBe(403);
    await join(projectId, admin, "owner");
    const made = await create(admin.headers, ["admin", "events:read"]);
    expect(made.status).toBe(201);
    const { key: text } = z.object({ key: z.string() }).parse(made.body);
    expect((await ask(statusRoute, "", { authorization: `Bearer ${text}` })).status).toBe(200);
    await db.user.update({ where: { id: admin.id }, data: { isAdmin: false } });
    expect((await ask(statusRoute)).status, "who runs it no more").toBe(403);
    await db.user.update({ where: { id: admin.id }, data: { isAdmin: true } });
    expect((await ask(statusRoute, "", { authorization: `Bearer dmt_${newId("user")}` })).status).toBe(401);
  });
});
