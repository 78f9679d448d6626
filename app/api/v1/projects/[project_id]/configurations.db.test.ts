import { beforeAll, describe, expect, it } from "vitest";
import { call, codeOf, createKey, createTeam } from "@/lib/accounts/testing";
import type { ConfigVersionDetail } from "@/lib/contracts/config-versions";
import { LAUNCH_TEXT_LIMITS } from "@/lib/contracts/launch-text";
import type { Problem } from "@/lib/contracts/problem";
import { db } from "@/lib/db/client";
import * as deployments from "./configurations/[config_id]/deployments/route";
import * as diff from "./configurations/[config_id]/diff/route";
import * as commits from "./configurations/[config_id]/variants/[variant]/commits/route";
import * as variant from "./configurations/[config_id]/variants/[variant]/route";
import * as variants from "./configurations/[config_id]/variants/route";
import * as versions from "./configurations/[config_id]/versions/route";
import * as configurations from "./configurations/route";
import * as environments from "./environments/route";

type Team = Awaited<ReturnType<typeof createTeam>>;

describe("configurations over HTTP", () => {
  let team: Team;
  let configId: string;
  const params = (more: Record<string, string> = {}) => ({ project_id: team.projectId, config_id: configId, ...more });
  const commit = (body: Record<string, unknown>, headers = team.member.headers) =>
    call(commits.POST, { method: "POST", params: params({ variant: "default" }), body, headers });

  beforeAll(async () => {
    team = await createTeam();
    const made = await call(configurations.POST, {
      method: "POST",
      params: { project_id: team.projectId },
      body: { name: "llm-serving", application: "Assistant" },
      headers: team.member.headers,
    });
    expect(made.status).toBe(201);
    configId = (made.body as { id: string }).id;
  });

  it("makes one per Idempotency-Key", async () => {
    const create = () =>
      call(configurations.POST, {
        method: "POST",
        params: { project_id: team.projectId },
        body: { name: "twice", application: "Assistant" },
        headers: { ...team.member.headers, "idempotency-key": "one" },
      });
    const [first, second] = [await create(), await create()];
    expect([first.status, second.status]).toEqual([201, 201]);
    expect(second.body).toEqual(first.body);
    expect(second.headers.get("idempotent-replayed")).toBe("true");
  });

  it("commits once per Idempotency-Key, and tells the second of two who are different", async () => {
    const body = { source: "image: a\n", base_version: 0, message: "First" };
    const headers = { ...team.member.headers, "idempotency-key": "commit" };
    const first = await commit(body, headers);
    expect(first.status).toBe(201);
    expect((await commit(body, headers)).body).toEqual(first.body);
    const late = await commit({ source: "image: b\n", base_version: 0 });
    expect(late.status).toBe(409);
    expect(late.body).toMatchObject({ code: "version_conflict", current_version: 1 });
    expect(await db.configVersion.count({ where: { configId } })).toBe(1);
  });

  it("names fields and lines of a text that is wrong", async () => {
    const { status, body } = await commit({ source: "image: a\nenv:\n  PORT: 80\n", base_version: 1 });
    expect(status).toBe(422);
    expect((body as Problem).errors).toEqual([
      { field: "source.env.PORT", message: "Line 3: Values of environment variables are text; put it into quotes" },
    ]);
    const huge = await commit({ source: `image: a\n#${"x".repeat(LAUNCH_TEXT_LIMITS.bytes)}`, base_version: 1 });
    expect(huge.status).toBe(422);
    const beyond = await commit({ source: "x".repeat(LAUNCH_TEXT_LIMITS.bytes * 8), base_version: 1 });
    expect(beyond.status).toBe(413);
    const nul = await commit({ source: "image: a\u0000\n", base_version: 1 });
    expect(nul.status).toBe(422);
  });

  it("reads versions page by page and compares them", async () => {
    const second = await commit({ source: '{"image": "b"}', format: "json", base_version: 1 });
    expect(second.status).toBe(201);
    const list = async (query: string) => {
      const request = new Request(`http://localhost:3000/api/v1/x?${query}`, { headers: team.viewer.headers });
      const response = await versions.GET(request, { params: Promise.resolve(params()) });
      return { status: response.status, body: await response.json() };
    };
    const page = await list("limit=1");
    expect(page.body.data).toMatchObject([{ version: 2, format: "json", parent: { version: 1 } }]);
    expect(page.body.data[0]).not.toHaveProperty("source");
    const rest = await list(`limit=1&cursor=${page.body.next_cursor}`);
    expect(rest.body).toMatchObject({ data: [{ version: 1 }], next_cursor: null });
    expect((await list("cursor=nonsense")).body.code).toBe("invalid_cursor");
    const { id: to } = second.body as ConfigVersionDetail;
    const url = `http://localhost:3000/api/v1/x?from=${rest.body.data[0].id}&to=${to}`;
    const compared = await diff.GET(new Request(url, { headers: team.viewer.headers }), {
      params: Promise.resolve(params()),
    });
    expect((await compared.json()).changes).toEqual([{ field: "image", kind: "changed", from: "a", to: "b" }]);
  });

  it("answers a dry run with 200 and changes nothing, then deploys with 201", async () => {
    const body = { environment: "staging", variant: "default", version: 1 };
    const send = (more: object, headers = team.member.headers) =>
      call(deployments.POST, { method: "POST", params: params(), body: { ...body, ...more }, headers });
    const dry = await send({ dry_run: true });
    expect(dry.status).toBe(200);
    expect(dry.body).toMatchObject({ number: 1, current: null, environment: { name: "staging" } });
    expect(await db.deployment.count({ where: { configId } })).toBe(0);
    expect((await send({})).status).toBe(201);
    const nowhere = await send({ environment: "moon" });
    expect(nowhere.body).toMatchObject({ code: "validation_failed", errors: [{ field: "environment" }] });
    const missing = await send({ version: 9 });
    expect(missing.body).toMatchObject({
      errors: [{ field: "version", message: '"default" has the versions 1 to 2.' }],
    });
    expect(codeOf(await send({ environment: "production" }))).toBe("forbidden");
    expect((await send({ environment: "production" }, team.admin.headers)).status).toBe(201);
  });

  it("lets viewers look and no more, and keys do what their scopes say", async () => {
    expect(codeOf(await commit({ source: "image: c\n", base_version: 2 }, team.viewer.headers))).toBe("forbidden");
    const reader = await createKey(team.projectId, ["configs:read"]);
    const listed = await call(environments.GET, {
      method: "GET",
      params: { project_id: team.projectId },
      headers: reader.headers,
    });
    expect(listed.status).toBe(200);
    const refused = await call(variants.POST, {
      method: "POST",
      params: params(),
      body: { name: "x" },
      headers: reader.headers,
    });
    expect(codeOf(refused)).toBe("forbidden");
  });

  it("deletes a variant with 204", async () => {
    const made = await call(variants.POST, {
      method: "POST",
      params: params(),
      body: { name: "spare" },
      headers: team.member.headers,
    });
    expect(made.status).toBe(201);
    const gone = await call(variant.DELETE, {
      method: "DELETE",
      params: params({ variant: "spare" }),
      headers: team.member.headers,
    });
    expect(gone.status).toBe(204);
  });
});
