import { AsyncLocalStorage } from "node:async_hooks";
import {
  type Attributes,
  type Context,
  ROOT_CONTEXT,
  type Span,
  type SpanContext,
  SpanKind,
  SpanStatusCode,
  TraceFlags,
  trace,
} from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, type IdGenerator, RandomIdGenerator, TracerProvider } from "@opentelemetry/sdk-trace";
import { uuidOfId } from "@/lib/ids";
import type { traceAttempt, traceEmit, traceRequest } from "@/lib/telemetry/trace";
import packageJson from "@/package.json" with { type: "json" };

export type Tracing = {
  request: typeof traceRequest;
  emit: typeof traceEmit;
  attempt: typeof traceAttempt;
  stop(): Promise<void>;
};

/**
 * Every event has a trace of its own, whose ids are made of the event's id: the attempts, made later and in other
 * processes, find it without anything being stored or handed over for it. The request that emitted the event has a trace
 * too, its caller's; the two are linked both ways.
 */
export function startTracing({ endpoint, service }: { endpoint: string; service: string }): Tracing {
  const ids = new ChosenIds();
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": service, "service.version": packageJson.version }),
    idGenerator: ids,
    spanProcessors: [
      new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, "")}/v1/traces` }) }),
    ],
  });
  const tracer = provider.getTracer("dumont");
  const current = new AsyncLocalStorage<Span>();

  return {
    request: async ({ operation, path, requestId, request }, run) => {
      const attributes = {
        "http.request.method": request.method,
        "http.route": `/api/v1${path}`,
        "dumont.request_id": requestId,
      };
      const parent = callerOf(request.headers.get("traceparent"));
      const span = tracer.startSpan(operation, { kind: SpanKind.SERVER, attributes }, parent);
      try {
        const response = await current.run(span, run);
        span.setAttribute("http.response.status_code", response.status);
        if (response.status >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
        return response;
      } finally {
        span.end();
      }
    },

    emit: async ({ type, projectId }, run) => {
      const startTime = Date.now();
      const result = await run();
      const cause = current.getStore();
      const own = ids.choose(contextOf(result.id), () =>
        tracer.startSpan(
          `emit ${type}`,
          {
            root: true,
            kind: SpanKind.PRODUCER,
            startTime,
            attributes: {
              "dumont.event.id": result.id,
              "dumont.event.type": type,
              "dumont.project.id": projectId,
              "dumont.deliveries": result.deliveries.length,
            },
            links: cause ? [{ context: cause.spanContext() }] : [],
          },
          ROOT_CONTEXT,
        ),
      );
      cause?.addLink({ context: own.spanContext(), attributes: { "dumont.event.id": result.id } });
      own.end();
      return result;
    },

    attempt: async (about, run) => {
      const attributes: Attributes = {
        "dumont.event.id": about.eventId,
        "dumont.event.type": about.eventType,
        "dumont.delivery.id": about.id,
        "dumont.webhook.id": about.webhookId,
        "dumont.attempt": about.attemptNumber,
      };
      const parent = trace.setSpanContext(ROOT_CONTEXT, { ...contextOf(about.eventId), isRemote: true });
      const span = tracer.startSpan(`attempt ${about.eventType}`, { kind: SpanKind.CLIENT, attributes }, parent);
      try {
        const settlement = await run();
        const { httpStatus, errorCode } = settlement.attempt;
        span.setAttribute("dumont.outcome", settlement.outcome.kind);
        if (httpStatus !== null) span.setAttribute("http.response.status_code", httpStatus);
        if (errorCode !== null) {
          span.setAttribute("error.type", errorCode);
          span.setStatus({ code: SpanStatusCode.ERROR });
        }
        return settlement;
      } finally {
        span.end();
      }
    },

    stop: () => provider.shutdown(),
  };
}

/** The trace and the first span of an event: the 128 bits of its id, and their second half. */
function contextOf(eventId: string): SpanContext {
  const hex = uuidOfId(eventId);
  return { traceId: hex, spanId: hex.slice(16), traceFlags: TraceFlags.SAMPLED };
}

/** W3C trace context, version 00; anything else begins a trace of its own. */
function callerOf(traceparent: string | null): Context {
  const match = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/.exec(traceparent ?? "");
  const [, traceId = "", spanId = "", flags = "0"] = match ?? [];
  if (!match || /^0+$/.test(traceId) || /^0+$/.test(spanId)) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16),
    isRemote: true,
  });
}

/** Random ids, except while a span is started for which they are given. */
class ChosenIds implements IdGenerator {
  readonly #random = new RandomIdGenerator();
  #chosen: SpanContext | undefined;

  /** Starting a span is synchronous, so no other span can take the ids. */
  choose(context: SpanContext, start: () => Span): Span {
    this.#chosen = context;
    try {
      return start();
    } finally {
      this.#chosen = undefined;
    }
  }

  generateTraceId(): string {
    return this.#chosen?.traceId ?? this.#random.generateTraceId();
  }

  generateSpanId(): string {
    return this.#chosen?.spanId ?? this.#random.generateSpanId();
  }
}
