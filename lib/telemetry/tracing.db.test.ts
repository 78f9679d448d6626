import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { POST as emitRoute } from "@/app/api/v1/projects/[project_id]/events/route";
import { call, createKey } from "@/lib/accounts/testing";
import { uuidOfId } from "@/lib/ids";
import { useDeliveries } from "@/lib/queue/testing";
import { startTracing } from "@/lib/telemetry/tracing";
import { createTestWebhook, startReceiver, type TestReceiver } from "@/lib/webhooks/testing";

const attribute = z.object({
  key: z.string(),
  value: z.object({ stringValue: z.string().optional(), intValue: z.union([z.number(), z.string()]).optional() }),
});
const spanSchema = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  attributes: z.array(attribute),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string() })).default([]),
});
type Span = z.infer<typeof spanSchema>;

/** The body of an OTLP/HTTP export in JSON. */
const exportSchema = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })),
    }),
  ),
});

const CALLER = { traceId: "4bf92f3577b34da6a3ce929d0e0e4736", spanId: "00f067aa0ba902b7" };

describe("tracing", () => {
  const { actor, receiver, pump, settled } = useDeliveries();
  let collector: TestReceiver;

  beforeAll(async () => {
    collector = await startReceiver((_request, response) => response.end("{}"));
  });
  afterAll(() => collector.close());

  const emitOverApi = async () => {
    const { headers } = await createKey(actor().projectId, ["events:write"]);
    const answer = await call(emitRoute, {
      method: "POST",
      params: { project_id: "default" },
      headers: { ...headers, traceparent: `00-${CALLER.traceId}-${CALLER.spanId}-01` },
      body: { type: "instance.started", data: { instance_id: "i-1" } },
    });
    expect(answer.status).toBe(202);
    return z.object({ id: z.string() }).parse(answer.body).id;
  };

  const told = (span: Span, key: string) => {
    const value = span.attributes.find((candidate) => candidate.key === key)?.value;
    return value?.stringValue ?? (value?.intValue === undefined ? undefined : Number(value.intValue));
  };

  test("without a collector nothing of it is loaded or sent", async () => {
    expect(globalThis.dumontTracing?.on).toBeNull();
    await emitOverApi();
    expect(collector.requests).toEqual([]);
  });

  test("request, emit and attempts arrive at a collector, linked through the event", async () => {
    const tracing = startTracing({ endpoint: collector.url("/"), service: "dumont-test" });
    if (globalThis.dumontTracing) globalThis.dumontTracing.on = tracing;
    let eventId = "";
    try {
      let calls = 0;
      const target = await receiver((_request, response) => {
        calls += 1;
        response.statusCode = calls === 1 ? 503 : 200;
        response.end();
      });
      await createTestWebhook(actor(), { url: target.url(), event_types: ["*"], retry: { delays_s: [1] } });
      pump();
      eventId = await emitOverApi();
      await settled();
    } finally {
      await tracing.stop();
      if (globalThis.dumontTracing) globalThis.dumontTracing.on = null;
    }
    expect(collector.requests.length).toBeGreaterThan(0);
    for (const { path, method, headers } of collector.requests) {
      expect([method, path, headers["content-type"]]).toEqual(["POST", "/v1/traces", "application/json"]);
    }
    const exported = collector.requests.flatMap(({ body }) => exportSchema.parse(JSON.parse(body)).resourceSpans);
    expect(exported[0]?.resource.attributes).toContainEqual({
      key: "service.name",
      value: { stringValue: "dumont-test" },
    });
    const spans = exported.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
    const named = (name: string) => spans.filter((span) => span.name === name);

    const [request] = named("emitEvent");
    const [emitted] = named("emit instance.started");
    if (!request || !emitted) throw new Error(`Only ${spans.map(({ name }) => name)}`);
    expect(request).toMatchObject({ traceId: CALLER.traceId, parentSpanId: CALLER.spanId });
    expect(told(request, "http.response.status_code")).toBe(202);
    expect(emitted.traceId).toBe(uuidOfId(eventId));
    expect(emitted.links).toEqual([expect.objectContaining({ traceId: request.traceId, spanId: request.spanId })]);
    expect(request.links).toContainEqual(expect.objectContaining({ traceId: emitted.traceId, spanId: emitted.spanId }));

    const attempts = named("attempt instance.started");
    expect(attempts.map((span) => told(span, "dumont.attempt"))).toEqual([1, 2]);
    expect(attempts.map((span) => told(span, "http.response.status_code"))).toEqual([503, 200]);
    expect(attempts.map((span) => told(span, "dumont.outcome"))).toEqual(["retry", "delivered"]);
    for (const span of attempts) {
      expect(span).toMatchObject({ traceId: emitted.traceId, parentSpanId: emitted.spanId });
    }
  });

  test("a collector that is away disturbs nothing", async () => {
    const tracing = startTracing({ endpoint: "http://127.0.0.1:1", service: "dumont-test" });
    if (globalThis.dumontTracing) globalThis.dumontTracing.on = tracing;
    try {
      const target = await receiver();
      await createTestWebhook(actor(), { url: target.url(), event_types: ["*"] });
      pump();
      await emitOverApi();
      await settled();
      expect(target.requests).toHaveLength(1);
    } finally {
      if (globalThis.dumontTracing) globalThis.dumontTracing.on = null;
      await tracing.stop().catch(() => {});
    }
  });
});
