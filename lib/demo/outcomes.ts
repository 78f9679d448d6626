import type { Random } from "@/lib/demo/random";
import type { DemoWebhook, Failure } from "@/lib/demo/webhooks";
import { outgoingHeaders } from "@/lib/webhooks/outgoing";
import { maxAttempts, retryDelayMs } from "@/lib/webhooks/policy";
import { toSigningKey } from "@/lib/webhooks/signing-key";

export type DemoOutcome = {
  status: "delivered" | "failed" | "pending" | "cancelled";
  failures: Failure[];
  startedAt: Date;
  /** Of a pending one. */
  nextAttemptAt: Date | null;
};

/** How a delivery ended and which failures came before; a schedule that reaches past now is still waiting. */
export function demoOutcome({
  webhook,
  at,
  now,
  random,
}: {
  webhook: DemoWebhook;
  at: Date;
  now: Date;
  random: Random;
}): DemoOutcome {
  const age = now.getTime() - at.getTime();
  const down = webhook.outage !== undefined && age <= webhook.outage.from && age >= webhook.outage.to;
  // What it answers 410 to waits: that it was disabled took the due time away.
  if (webhook.goneSince === age) {
    return { status: "pending", failures: [webhook.failures[0]], startedAt: at, nextAttemptAt: null };
  }
  const end = now.getTime() - (webhook.deletedSince ?? 0);
  const limit = maxAttempts(webhook.retry);
  const failures: Failure[] = [];
  let time = at.getTime();
  while (failures.length < limit && (down || random.next() < webhook.failureRate)) {
    const wait = failures.length === 0 ? 0 : (retryDelayMs(webhook.retry, failures.length, 0.5) ?? 0);
    if (time + wait > end) {
      return webhook.deletedSince === undefined
        ? { status: "pending", failures, startedAt: at, nextAttemptAt: new Date(time + wait) }
        : { status: "cancelled", failures, startedAt: at, nextAttemptAt: null };
    }
    time += wait;
    failures.push(random.pick(webhook.failures));
  }
  const status = failures.length === limit ? "failed" : "delivered";
  return { status, failures, startedAt: at, nextAttemptAt: null };
}

export function demoAttempts({
  deliveryId,
  event,
  webhook,
  outcome,
  random,
}: {
  deliveryId: string;
  event: { id: string; type: string; body: string };
  webhook: DemoWebhook & { secret: string };
  outcome: DemoOutcome;
  random: Random;
}) {
  const results: (Failure | null)[] = outcome.status === "delivered" ? [...outcome.failures, null] : outcome.failures;
  let time = outcome.startedAt.getTime() + random.between(2, 9);
  return results.map((failure, index) => {
    const number = index + 1;
    if (index > 0) time += retryDelayMs(webhook.retry, index, 0.5) ?? 0;
    const startedAt = new Date(time);
    const timings =
      failure && "latencyMs" in failure ? { total_ms: failure.latencyMs } : exchangeTimings(index === 0, random);
    return {
      deliveryId,
      number,
      trigger: "auto",
      startedAt,
      httpStatus: failure === null ? 200 : "httpStatus" in failure ? failure.httpStatus : null,
      errorCode: failure === null ? null : "httpStatus" in failure ? "http_status" : failure.errorCode,
      errorMessage:
        failure === null
          ? null
          : "httpStatus" in failure
            ? `Answered ${failure.httpStatus}. Only 2xx counts as delivered.`
            : failure.errorMessage,
      latencyMs: Math.round(timings.total_ms),
      timings: { ...timings, queue_ms: random.between(1, 8) },
      requestHeaders: outgoingHeaders({
        eventId: event.id,
        eventType: event.type,
        deliveryId,
        attemptNumber: number,
        timestamp: Math.floor(time / 1000),
        body: event.body,
        keys: [toSigningKey(webhook.secret)],
        custom: {},
      }),
      ...response(failure),
    };
  });
}

function exchangeTimings(opened: boolean, random: Random) {
  const connection = opened
    ? { dns_ms: random.between(1, 12), connect_ms: random.between(4, 30), tls_ms: random.between(8, 40) }
    : {};
  const opening = Object.values(connection).reduce((sum, ms) => sum + ms, 0);
  const firstByte = opening + random.between(12, 180);
  return { ...connection, first_byte_ms: firstByte, total_ms: firstByte + random.between(0, 6) };
}

function response(failure: Failure | null) {
  if (failure !== null && "latencyMs" in failure) return {};
  const text = failure?.body ?? '{"ok":true}';
  return {
    responseHeaders: {
      "content-type": text.startsWith("{") ? "application/json" : "text/html",
      "content-length": String(text.length),
    },
    responseBody: Buffer.from(text),
  };
}
