import { env } from "@/lib/env";
import { log } from "@/lib/log";
import type { Tracing } from "@/lib/telemetry/tracing";

declare global {
  var dumontTracing: { ready: Promise<void>; on: Tracing | null } | undefined;
}

/**
 * Traces go to OTEL_EXPORTER_OTLP_ENDPOINT; without it the functions here call what they are given and nothing else, and
 * OpenTelemetry is not even loaded. One per process, however often Next.js loads this module.
 */
globalThis.dumontTracing ??= start();

function start(): { ready: Promise<void>; on: Tracing | null } {
  const endpoint = env.OTEL_EXPORTER_OTLP_ENDPOINT;
  const state: { ready: Promise<void>; on: Tracing | null } = { ready: Promise.resolve(), on: null };
  if (endpoint === undefined) return state;
  state.ready = import("@/lib/telemetry/tracing").then(
    ({ startTracing }) => {
      state.on = startTracing({ endpoint, service: env.OTEL_SERVICE_NAME });
    },
    (err: unknown) => log.error({ err }, "tracing could not be started"),
  );
  return state;
}

/** A span around one request to the API; joins the caller's trace when it sends `traceparent`. */
export function traceRequest(
  about: { operation: string; path: string; requestId: string; request: Request },
  run: () => Promise<Response>,
): Promise<Response> {
  return globalThis.dumontTracing?.on?.request(about, run) ?? run();
}

/** A span around storing an event: the first of the event's own trace, linked with the request that emitted it. */
export function traceEmit<T extends { id: string; deliveries: readonly unknown[] }>(
  about: { type: string; projectId: string },
  run: () => Promise<T>,
): Promise<T> {
  return globalThis.dumontTracing?.on?.emit(about, run) ?? run();
}

type AttemptAbout = { id: string; eventId: string; eventType: string; webhookId: string; attemptNumber: number };
type AttemptOutcome = { outcome: { kind: string }; attempt: { httpStatus: number | null; errorCode: string | null } };

/** A span around one attempt, in the trace of its event, whichever process emitted that. */
export function traceAttempt<T extends AttemptOutcome>(about: AttemptAbout, run: () => Promise<T>): Promise<T> {
  return globalThis.dumontTracing?.on?.attempt(about, run) ?? run();
}

/** Sends what has not been sent yet; for a process that is about to end. Never throws. */
export async function stopTracing(): Promise<void> {
  await globalThis.dumontTracing?.ready;
  await globalThis.dumontTracing?.on?.stop().catch((err: unknown) => log.warn({ err }, "traces were lost"));
}
