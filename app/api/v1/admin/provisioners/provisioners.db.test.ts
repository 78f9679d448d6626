import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { PATCH as updatePoolRoute } from "@/app/api/v1/pools/[pool_id]/route";
import { POST as createPoolRoute } from "@/app/api/v1/pools/route";
import { call, codeOf, createPerson, type Person } from "@/lib/accounts/testing";
import { createHttpProvider, httpProvider, provisionerClient } from "@/lib/compute/http/provider";
import { type ReferenceProvisioner, startReferenceProvisioner } from "@/lib/compute/http/testing";
import { launchRequest } from "@/lib/compute/testing-contract";
import { poolDetailSchema, poolSchema } from "@/lib/contracts/fleet";
import { problemSchema } from "@/lib/contracts/problem";
import * as contract from "@/lib/contracts/provisioners";
import { db } from "@/lib/db/client";
import { createTestPool } from "@/lib/fleet/testing";
import { newId } from "@/lib/ids";
import { startReceiver } from "@/lib/webhooks/testing";
import { POST as checkRoute } from "./[provisioner_id]/check/route";
import { POST as regenerateRoute } from "./[provisioner_id]/regenerate-secret/route";
import { DELETE as deleteRoute, GET as getRoute, PATCH as updateRoute } from "./[provisioner_id]/route";
import { POST as createRoute, GET as listRoute } from "./route";

const OWN_SECRET = "a-secret-of-ones-own-0123456789";

describe("provisioners", () => {
  let admin: Person;
  beforeAll(async () => {
    admin = await createPerson({ isAdmin: true });
  });
  beforeEach(async () => {
    await db.pool.updateMany({ data: { computeProvider: null, provisionerId: null } });
    await db.provisioner.deleteMany();
  });

  type Route = Parameters<typeof call>[0];
  const ask = (route: Route, { id, body, method = "POST" }: { id?: string; body?: unknown; method?: string } = {}) =>
    call(route, { method, headers: admin.headers, params: id ? { provisioner_id: id } : {}, body });
  const create = async (body: object = {}) =>
    contract.provisionerWithSecretSchema.parse(
      (await ask(createRoute, { body: { name: `P ${crypto.randomUUID()}`, url: "https://example.com/", ...body } }))
        .body,
    );
  const fieldsOf = ({ body }: { body: unknown }) => problemSchema.parse(body).errors.map(({ field }) => field);

  it("tell their secret once, and keep it encrypted", async () => {
    const made = await create({ name: "Rack 7" });
    expect(made.secret).toMatch(/^whsec_/);
    const row = await db.provisioner.findUniqueOrThrow({ where: { id: made.id } });
    expect(row.secret).not.toContain(made.secret.slice(6));
    const { body } = await ask(getRoute, { id: made.id, method: "GET" });
    expect(body).not.toHaveProperty("secret");
    expect(contract.provisionerSchema.parse(body)).toMatchObject({ name: "Rack 7", pools: [], last_seen_at: null });
    expect(JSON.stringify((await ask(listRoute, { method: "GET" })).body)).not.toContain(made.secret);
  });

  it("refuse a name that is taken, a URL that is none, and one that may not be reached", async () => {
    await create({ name: "Rack 7" });
    const attempt = (body: object) => ask(createRoute, { body: { name: "x", url: "https://example.com/", ...body } });
    expect(fieldsOf(await attempt({ name: "Rack 7" }))).toEqual(["name"]);
    expect(fieldsOf(await attempt({ url: "ftp://example.com/" }))).toEqual(["url"]);
    expect(fieldsOf(await attempt({ url: "http://10.0.0.1/" }))).toEqual(["url"]);
    expect(fieldsOf(await attempt({ url: "https://user:pass@example.com/" }))).toEqual(["url"]);
    expect(fieldsOf(await attempt({ secret: "short" }))).toEqual(["secret"]);
    const other = await create();
    expect(fieldsOf(await ask(updateRoute, { id: other.id, method: "PATCH", body: { name: "Rack 7" } }))).toEqual([
      "name",
    ]);
    expect(fieldsOf(await ask(updateRoute, { id: other.id, method: "PATCH", body: { url: "http://[::1]/" } }))).toEqual(
      ["url"],
    );
  });

  it("are listed page by page, newest first", async () => {
    const made = [];
    for (let index = 0; index < 5; index += 1) made.push((await create()).id);
    const page = async (query: string) => {
      const route: Route = (request, context) => listRoute(new Request(`${request.url}${query}`, request), context);
      return contract.listProvisioners.response.parse((await ask(route, { method: "GET" })).body);
    };
    const first = await page("?limit=3");
    const second = await page(`?limit=3&cursor=${first.next_cursor}`);
    expect([...first.data, ...second.data].map(({ id }) => id)).toEqual(made.toReversed());
    expect(second.next_cursor).toBeNull();
    const wrong: Route = (request, context) => listRoute(new Request(`${request.url}?cursor=x`, request), context);
    expect(codeOf(await ask(wrong, { method: "GET" }))).toBe("invalid_cursor");
  });

  it("are at most so many, for those who add them at once too", async () => {
    const missing = contract.PROVISIONER_LIMITS.count - 3;
    await db.provisioner.createMany({
      data: Array.from({ length: missing }, (_, index) => ({
        id: newId("provisioner"),
        name: `n${index}`,
        url: "https://example.com/",
        secret: "x",
      })),
    });
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        ask(createRoute, { body: { name: `m${index}`, url: "https://example.com/" } }),
      ),
    );
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(3);
    expect(await db.provisioner.count()).toBe(contract.PROVISIONER_LIMITS.count);
  });

  it("are changed, get another secret, and go when no pool has them", async () => {
    const { id, secret } = await create();
    const changed = await ask(updateRoute, {
      id,
      method: "PATCH",
      body: { name: "New", url: "https://example.org/p" },
    });
    expect(changed.body).toMatchObject({ name: "New", url: "https://example.org/p" });
    const generated = contract.provisionerWithSecretSchema.parse((await ask(regenerateRoute, { id, body: {} })).body);
    expect(generated.secret).not.toBe(secret);
    const own = await ask(regenerateRoute, { id, body: { secret: OWN_SECRET } });
    expect(own.body).toMatchObject({ secret: OWN_SECRET });

    const pool = await createTestPool({ name: "Rack 7", computeProvider: "http", provisionerId: id });
    const refused = await ask(deleteRoute, { id, method: "DELETE" });
    expect(codeOf(refused)).toBe("conflict");
    expect(problemSchema.parse(refused.body).detail).toContain("Rack 7");
    await db.pool.update({ where: { id: pool.id }, data: { computeProvider: null, provisionerId: null } });
    expect((await ask(deleteRoute, { id, method: "DELETE" })).status).toBe(204);
    for (const [route, method] of [
      [getRoute, "GET"],
      [updateRoute, "PATCH"],
      [deleteRoute, "DELETE"],
      [checkRoute, "POST"],
      [regenerateRoute, "POST"],
    ] as const) {
      const body = method === "PATCH" || route === regenerateRoute ? {} : undefined;
      expect(codeOf(await ask(route, { id, method, body }))).toBe("not_found");
    }
  });

  describe("that are there", () => {
    let reference: ReferenceProvisioner;
    beforeAll(async () => {
      reference = await startReferenceProvisioner();
    });
    afterAll(() => reference.close());

    const check = async (id: string) => contract.provisionerCheckSchema.parse((await ask(checkRoute, { id })).body);

    it("are checked by a call, whose outcome is kept", async () => {
      const { id } = await create({ url: reference.url, secret: reference.secret });
      const well = await check(id);
      expect(well).toMatchObject({ ok: true, error: null, problems: [], provisioner: { last_error: null } });
      expect(well.provisioner.last_seen_at).not.toBeNull();

      await ask(regenerateRoute, { id, body: { secret: OWN_SECRET } });
      const ill = await check(id);
      expect(ill).toMatchObject({ ok: false, error: expect.stringContaining("signature") });
      expect(ill.provisioner).toMatchObject({ last_error: ill.error, last_seen_at: well.provisioner.last_seen_at });
    });

    it("say so when their secret cannot be read", async () => {
      const { id } = await create({ url: reference.url });
      await db.provisioner.update({ where: { id }, data: { secret: "v2.00000000.AAAA.AAAA" } });
      expect(await check(id)).toMatchObject({ ok: false, error: expect.stringContaining("secret") });
    });

    it("run machines with the secret that is stored", async () => {
      const { id } = await create({ url: reference.url, secret: reference.secret });
      const provider = httpProvider(await db.provisioner.findUniqueOrThrow({ where: { id } }));
      const { label } = await provider.start(launchRequest());
      const direct = createHttpProvider({ ...reference, client: provisionerClient() });
      expect((await direct.list()).map((machine) => machine.label)).toContain(label);
      await provider.stop(label);
    });

    it("say what is wrong with nodes of their pools, and only of these", async () => {
      const receiver = await startReceiver(({ body }, response) => {
        const { node_names: names } = JSON.parse(body) as { node_names: string[] };
        const problems = [...names, "node-of-others"].map((name) => ({ node_name: name, cause: "too hot" }));
        response.end(JSON.stringify({ ok: true, problems }));
      });
      const { id } = await create({ url: receiver.url() });
      await createTestPool({ nodes: 1, computeProvider: "http", provisionerId: id });
      expect((await check(id)).problems).toEqual([{ node_name: "node-01", cause: "too hot" }]);
      await receiver.close();
    });
  });

  describe("and pools", () => {
    const poolBody = async (more: object) => ({
      name: `Pool ${crypto.randomUUID()}`,
      gpu_type_id: (await createTestPool({ nodes: 0 })).gpuTypeId,
      region: "here",
      provider: "we",
      price_micros_per_gpu_hour: 1,
      ...more,
    });
    const createPool = async (more: object) =>
      call(createPoolRoute, { method: "POST", headers: admin.headers, body: await poolBody(more) });

    it("belong together where the pool's machines are one's own, and only there", async () => {
      const { id } = await create();
      expect(poolDetailSchema.parse((await createPool({})).body)).toMatchObject({
        compute_provider: null,
        provisioner_id: null,
      });
      const own = poolDetailSchema.parse((await createPool({ compute_provider: "http", provisioner_id: id })).body);
      expect(own).toMatchObject({ compute_provider: "http", provisioner_id: id });
      for (const wrong of [
        { compute_provider: "http" },
        { compute_provider: "vast", provisioner_id: id },
        { provisioner_id: id },
        { compute_provider: "http", provisioner_id: newId("provisioner") },
      ]) {
        expect(fieldsOf(await createPool(wrong))).toEqual(["provisioner_id"]);
      }
      expect(fieldsOf(await createPool({ compute_provider: "abacus" }))).toEqual(["compute_provider"]);

      const update = (body: object) =>
        call(updatePoolRoute, { method: "PATCH", headers: admin.headers, params: { pool_id: own.id }, body });
      expect(fieldsOf(await update({ version: 1, compute_provider: "vast" }))).toEqual(["provisioner_id"]);
      const moved = await update({ version: 1, compute_provider: "vast", provisioner_id: null });
      expect(poolSchema.parse(moved.body)).toMatchObject({ compute_provider: "vast", provisioner_id: null });
      const listed = contract.provisionerSchema.parse((await ask(getRoute, { id, method: "GET" })).body);
      expect(listed.pools).toEqual([]);
    });

    it("never lose each other: a provisioner that is taken at this moment stays", async () => {
      for (let round = 0; round < 10; round += 1) {
        const { id } = await create();
        const [made, removed] = await Promise.all([
          createPool({ compute_provider: "http", provisioner_id: id }),
          ask(deleteRoute, { id, method: "DELETE" }),
        ]);
        expect([
          [201, 409],
          [422, 204],
          [400, 204],
        ]).toContainEqual([made.status, removed.status]);
      }
    });
  });
});
