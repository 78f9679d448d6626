import { beforeAll, describe, expect, it } from "vitest";
import * as delivery from "@/app/api/v1/projects/[project_id]/deliveries/[delivery_id]/route";
import * as deliveries from "@/app/api/v1/projects/[project_id]/deliveries/route";
import * as events from "@/app/api/v1/projects/[project_id]/events/route";
import * as webhook from "@/app/api/v1/projects/[project_id]/webhooks/[webhook_id]/route";
import * as webhookTest from "@/app/api/v1/projects/[project_id]/webhooks/[webhook_id]/test/route";
import * as webhooks from "@/app/api/v1/projects/[project_id]/webhooks/route";
import type { Actor } from "@/lib/accounts/actor";
import { storeApiKey } from "@/lib/accounts/api-keys";
import { ALL_PERMISSIONS, type Permission } from "@/lib/contracts/permissions";
import { problemSchema } from "@/lib/contracts/problem";
import { db } from "@/lib/db/client";
import { createTestProject } from "@/lib/webhooks/testing";

type Handler = (request: Request, context: { params: Promise<Record<string, string>> }) => Promise<Response>;

const started = { type: "instance.started", data: { instance_id: "i-1" } };
const hook = { url: "https://example.com/hook", event_types: ["*"] };

describe("the API", () => {
  let actor: Actor;
  let key: string;

  const makeKey = async (scopes: readonly Permission[] = ALL_PERMISSIONS, projectId = actor.projectId) => {
    const value = `dmt_${crypto.randomUUID()}`;
    await storeApiKey(db, { projectId, createdBy: actor.subject.id, name: "test", scopes, key: value });
    return value;
  };
  beforeAll(async () => {
    actor = await createTestProject();
    key = await makeKey();
  });

  const call = async (
    handler: Handler,
    { body, raw, headers = {}, params = {}, query = "", method = "POST", bearer = key }: CallOptions = {},
  ) => {
    const text = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const request = new Request(`http://localhost:3000/api/v1/test${query}`, {
      method,
      headers: {
        ...(bearer && { authorization: `Bearer ${bearer}` }),
        ...(text !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(text !== undefined && { body: text }),
    });
    const response = await handler(request, { params: Promise.resolve({ project_id: "default", ...params }) });
    const answer = await response.text();
    return { status: response.status, headers: response.headers, json: answer === "" ? null : JSON.parse(answer) };
  };

  const refused = async (answer: Awaited<ReturnType<typeof call>>, status: number, code: string, field?: string) => {
    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
    const problem = problemSchema.parse(answer.json);
    expect(problem).toMatchObject({ status, code, request_id: answer.headers.get("x-request-id") });
    if (field !== undefined) expect(problem.errors.map((error) => error.field)).toContain(field);
  };

  it("emits an event and tells which webhooks matched", async () => {
    const created = await call(webhooks.POST, { body: hook });
    expect(created.status).toBe(201);
    const emitted = await call(events.POST, { body: started });
    expect(emitted.status).toBe(202);
    expect(emitted.json).toEqual({
      id: expect.stringMatching(/^evt_/),
      type: "instance.started",
      correlation_id: emitted.json.id,
      deliveries: [{ id: expect.stringMatching(/^dlv_/), webhook_id: created.json.id }],
    });
    const read = await call(delivery.GET, { method: "GET", params: { delivery_id: emitted.json.deliveries[0].id } });
    expect(read.json).toMatchObject({ status: "pending", event_id: emitted.json.id, attempts: [] });
    expect((await call(webhook.DELETE, { method: "DELETE", params: { webhook_id: created.json.id } })).status).toBe(
      204,
    );
    await refused(
      await call(webhook.GET, { method: "GET", params: { webhook_id: created.json.id } }),
      404,
      "not_found",
    );
  });

  it.each([
    ["malformed JSON", { raw: '{"type":' }, 400, "malformed_json", undefined],
    ["lists within lists without end", { raw: "[".repeat(5000) }, 400, "malformed_json", undefined],
    ["objects 201 deep", { raw: `${'{"data":'.repeat(201)}1${"}".repeat(201)}` }, 400, "malformed_json", undefined],
    ["bytes that are no UTF-8", { raw: new Uint8Array([0x22, 0xff, 0x22]) }, 400, "malformed_json", undefined],
    [
      "another media type",
      { raw: "type=x", headers: { "content-type": "text/plain" } },
      415,
      "unsupported_media_type",
      undefined,
    ],
    ["an unknown event type", { body: { ...started, type: "nonsense.happened" } }, 422, "validation_failed", "type"],
    ["the test button's type", { body: { ...started, type: "webhook.test" } }, 422, "validation_failed", "type"],
    ["data that is no object", { body: { ...started, data: [1] } }, 422, "validation_failed", "data"],
    ["a missing field", { body: { type: "instance.started" } }, 422, "validation_failed", "data"],
    ["a misspelt field", { body: { ...started, dta: 1 } }, 422, "validation_failed", "dta"],
    [
      "a time without offset",
      { body: { ...started, occurred_at: "2026-11-21T12:00:00" } },
      422,
      "validation_failed",
      "occurred_at",
    ],
    ["a label that is no text", { body: { ...started, labels: { a: 1 } } }, 422, "validation_failed", "labels.a"],
    ["a NUL character", { body: { ...started, application: "a\u0000b" } }, 422, "validation_failed", undefined],
    ["null", { body: null }, 422, "validation_failed", undefined],
    [
      "data over the limit",
      { body: { ...started, data: { text: "x".repeat(257 * 1024) } } },
      413,
      "payload_too_large",
      "data",
    ],
    [
      "a body over the limit",
      { body: { ...started, data: { text: "x".repeat(400 * 1024) } } },
      413,
      "payload_too_large",
      undefined,
    ],
  ] as const)(
    "refuses %s when an event is emitted, and stores nothing",
    async (_what, options, status, code, field) => {
      const before = await db.event.count();
      await refused(await call(events.POST, options), status, code, field);
      expect(await db.event.count()).toBe(before);
    },
  );

  it.each([
    ["an unknown event type", { ...hook, event_types: ["instance.started", "instance.exploded"] }, "event_types[1]"],
    ["no event type", { ...hook, event_types: [] }, "event_types"],
    ["an internal URL", { ...hook, url: "https://169.254.169.254/" }, "url"],
    ["no URL", { event_types: ["*"] }, "url"],
    ["a header of ours", { ...hook, headers: { "X-Webhook-Signature": "x" } }, "headers.X-Webhook-Signature"],
    ["a header with a line break", { ...hook, headers: { "X-A": "1\r\nX-B: 2" } }, "headers.X-A"],
    ["a short secret", { ...hook, secret: "short" }, "secret"],
    ["a negative delay", { ...hook, retry: { delays_s: [-1] } }, "retry"],
    ["an unknown preset", { ...hook, retry: { preset: "forever" } }, "retry"],
    ["an unknown field", { ...hook, colour: "red" }, "colour"],
  ])("refuses a webhook with %s", async (_what, body, field) => {
    const answer = await call(webhooks.POST, { body });
    expect(answer.status).toBe(422);
    const fields = problemSchema.parse(answer.json).errors.map((error) => error.field);
    expect(fields.some((name) => name === field || name.startsWith(field))).toBe(true);
  });

  it("refuses callers without, with wrong and with revoked keys", async () => {
    await refused(await call(deliveries.GET, { method: "GET", bearer: "" }), 401, "unauthenticated");
    await refused(await call(deliveries.GET, { method: "GET", bearer: "dmt_wrong" }), 401, "unauthenticated");
    const revoked = await makeKey();
    await db.apiKey.updateMany({ where: { prefix: revoked.slice(0, 12) }, data: { revokedAt: new Date() } });
    await refused(await call(deliveries.GET, { method: "GET", bearer: revoked }), 401, "unauthenticated");
  });

  it("holds a key to its scopes and to its project", async () => {
    const reader = await makeKey(["deliveries:read"]);
    expect((await call(deliveries.GET, { method: "GET", bearer: reader })).status).toBe(200);
    await refused(await call(events.POST, { body: started, bearer: reader }), 403, "forbidden");
    const other = await createTestProject();
    await refused(
      await call(deliveries.GET, { method: "GET", params: { project_id: other.projectId } }),
      404,
      "not_found",
    );
    await refused(
      await call(deliveries.GET, { method: "GET", params: { project_id: "prj_unknown" } }),
      404,
      "not_found",
    );
  });

  it("refuses a wrong query, naming the field", async () => {
    await refused(await call(deliveries.GET, { method: "GET", query: "?limit=0" }), 422, "validation_failed", "limit");
    await refused(
      await call(deliveries.GET, { method: "GET", query: "?status=lost" }),
      422,
      "validation_failed",
      "status[0]",
    );
    await refused(
      await call(deliveries.GET, { method: "GET", query: "?from=yesterday" }),
      422,
      "validation_failed",
      "from",
    );
    await refused(await call(deliveries.GET, { method: "GET", query: "?cursor=abc" }), 400, "invalid_cursor");
    expect((await call(deliveries.GET, { method: "GET", query: "?q=%00" })).status).toBe(422);
  });

  it("has one effect for one Idempotency-Key, however often and however fast it is sent", async () => {
    const headers = { "idempotency-key": "emit-1" };
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => call(events.POST, { body: { ...started, correlation_id: "once" }, headers })),
    );
    const done = answers.filter((answer) => answer.status === 202);
    expect(done.length).toBeGreaterThanOrEqual(1);
    for (const answer of answers) if (answer.status !== 202) await refused(answer, 409, "idempotency_in_progress");
    const again = await call(events.POST, { body: { ...started, correlation_id: "once" }, headers });
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    expect(new Set([...done, again].map((answer) => answer.json.id)).size).toBe(1);
    expect(await db.event.count({ where: { correlationId: "once" } })).toBe(1);

    await refused(await call(events.POST, { body: started, headers }), 422, "idempotency_key_reused");
    await refused(
      await call(events.POST, { body: started, headers: { "idempotency-key": "ü" } }),
      422,
      "validation_failed",
      "Idempotency-Key",
    );
  });

  it("lets a refused request be corrected under its key, and repeats a secret only encrypted at rest", async () => {
    const headers = { "idempotency-key": "hook-1" };
    await refused(
      await call(webhooks.POST, { body: { ...hook, url: "https://10.0.0.1/" }, headers }),
      422,
      "validation_failed",
      "url",
    );
    const created = await call(webhooks.POST, { body: hook, headers });
    expect(created.status).toBe(201);
    const repeated = await call(webhooks.POST, { body: hook, headers });
    expect(repeated.json.secret).toBe(created.json.secret);
    const [stored] = await db.$queryRaw<
      { text: string }[]
    >`SELECT string_agg(i::text, ' ') AS text FROM idempotency_key i`;
    expect(stored?.text).not.toContain(created.json.secret.slice(6));
  });

  it("takes a POST without a body where none is needed", async () => {
    const created = await call(webhooks.POST, { body: hook });
    const tested = await call(webhookTest.POST, { params: { webhook_id: created.json.id } });
    expect(tested.status).toBe(202);
    expect(tested.json).toMatchObject({ type: "webhook.test", deliveries: [{ webhook_id: created.json.id }] });
  });
});

type CallOptions = {
  body?: unknown;
  raw?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  params?: Record<string, string>;
  query?: string;
  method?: string;
  bearer?: string;
};
