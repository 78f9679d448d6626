import { setTimeout as sleep } from "node:timers/promises";
import { OUR_SIDE } from "@/lib/contracts/deliveries";
import type { GuardedClient } from "@/lib/net/guarded-request";
import { maskSensitiveHeaders } from "@/lib/net/headers";
import { OutboundError } from "@/lib/net/outbound-error";
import type { ClaimedDelivery } from "@/lib/queue/claim";
import type { Settlement } from "@/lib/queue/settle";
import type { Verdict } from "@/lib/queue/throttle";
import { traceAttempt } from "@/lib/telemetry/trace";
import { FORGED_TEST, forgedKeys } from "@/lib/webhooks/forged-test";
import { retryAfterMs } from "@/lib/webhooks/health-policy";
import { signingKeys } from "@/lib/webhooks/key-ring";
import { outgoingHeaders } from "@/lib/webhooks/outgoing";
import { isSuccess, numberInSchedule, retryDelayMs } from "@/lib/webhooks/policy";
import { openHeaders } from "@/lib/webhooks/secrets";
import type { SigningKey } from "@/lib/webhooks/signing-key";

/** The whole exchange of one attempt, from look-up to the last byte of the answer. */
export const ATTEMPT_DEADLINE_MS = 10_000;

/** How soon a delivery that failed by our own fault is due again: a restart, trouble of ours, a key that is wrong. */
const RELEASE_MS = { shutdown: 1_000, trouble: 5_000, secret: 60_000 } as const;

/**
 * A delivery that is released keeps its place for this long at least, in ms. Without it a whole backlog would be claimed
 * and released as fast as the database can, for nothing.
 */
const HOLD_MS = 1_000;

/** Sends a claimed delivery once and says what is to be recorded. Never throws: every failure is an outcome. */
export function attempt(delivery: ClaimedDelivery, client: GuardedClient, signal: AbortSignal): Promise<Settlement> {
  return traceAttempt(delivery, () => send(delivery, client, signal));
}

async function send(delivery: ClaimedDelivery, client: GuardedClient, signal: AbortSignal): Promise<Settlement> {
  const startedAt = new Date();
  const custom = readSecrets(delivery);
  if (custom === null) {
    await hold(startedAt, signal);
    return settlement({
      delivery,
      startedAt,
      outcome: { kind: "released", inMs: RELEASE_MS.secret },
      requestHeaders: {},
      errorCode: "secret_unreadable",
      errorMessage: "The webhook's secret cannot be decrypted with this installation's key. Regenerate the secret.",
    });
  }
  const headers = outgoingHeaders({
    eventId: delivery.eventId,
    eventType: delivery.eventType,
    deliveryId: delivery.id,
    attemptNumber: delivery.attemptNumber,
    timestamp: Math.floor(startedAt.getTime() / 1000),
    body: delivery.body,
    keys: custom.keys,
    custom: custom.headers,
  });
  const requestHeaders = maskSensitiveHeaders(headers);
  try {
    const response = await client.post({
      url: delivery.url,
      headers,
      body: delivery.body,
      deadlineMs: ATTEMPT_DEADLINE_MS,
      signal,
    });
    const ok = isSuccess(response.status);
    const pauseMs = ok ? 0 : askedPauseMs(response.status, response.headers["retry-after"]);
    return settlement({
      delivery,
      startedAt,
      pauseMs,
      outcome: ok ? { kind: "delivered" } : afterFailure(delivery, pauseMs),
      requestHeaders,
      httpStatus: response.status,
      errorCode: ok ? null : "http_status",
      errorMessage: ok ? null : failureText(response.status),
      latencyMs: response.timings.total_ms,
      timings: { ...response.timings },
      responseHeaders: response.headers,
      responseBody: response.body,
      responseTruncated: response.truncated,
      responseBytes: response.totalBytes,
      remoteAddress: response.remoteAddress || null,
    });
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    if (error.isOurFault) return release({ delivery, startedAt, requestHeaders, error, signal });
    return settlement({
      delivery,
      startedAt,
      outcome: afterFailure(delivery),
      requestHeaders,
      errorCode: error.code,
      errorMessage: error.message,
      latencyMs: error.latencyMs,
      timings: { ...error.timings },
      remoteAddress: error.remoteAddress || null,
    });
  }
}

/** Gives a delivery back that failed by our own fault. A restart is no trouble and leaves no trace. */
async function release({
  error,
  signal,
  ...attempted
}: {
  delivery: ClaimedDelivery;
  startedAt: Date;
  requestHeaders: Record<string, string>;
  error: OutboundError;
  signal: AbortSignal;
}): Promise<Settlement> {
  const isShutdown = error.code === "shutdown";
  if (!isShutdown) await hold(attempted.startedAt, signal);
  return settlement({
    ...attempted,
    outcome: { kind: "released", inMs: isShutdown ? RELEASE_MS.shutdown : RELEASE_MS.trouble },
    errorCode: isShutdown ? null : OUR_SIDE,
    errorMessage: isShutdown ? null : error.message,
    latencyMs: error.latencyMs,
  });
}

/** Waits until HOLD_MS after the start, or until the signal. */
async function hold(startedAt: Date, signal: AbortSignal): Promise<void> {
  const ms = startedAt.getTime() + HOLD_MS - Date.now();
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => {});
}

/** What becomes of a leased delivery for which there is no room: it is due again at once, as if it had not been leased. */
export function notSent(delivery: ClaimedDelivery): Settlement {
  return settlement({
    delivery,
    startedAt: new Date(),
    outcome: { kind: "released", inMs: 0 },
    requestHeaders: {},
    errorCode: null,
    errorMessage: null,
  });
}

function readSecrets(delivery: ClaimedDelivery): { keys: SigningKey[]; headers: Record<string, string> } | null {
  try {
    return {
      keys: delivery.eventSource === FORGED_TEST ? forgedKeys(delivery.signing) : signingKeys(delivery, new Date()),
      headers: openHeaders(delivery.webhookId, delivery.headers),
    };
  } catch {
    return null;
  }
}

/** The next attempt comes by the schedule, but not before the receiver wants it. */
function afterFailure(delivery: ClaimedDelivery, pauseMs = 0): Settlement["outcome"] {
  const { retry, attemptNumber, maxAttempts } = delivery;
  const inMs = retryDelayMs(retry, numberInSchedule(retry, attemptNumber, maxAttempts), Math.random());
  if (attemptNumber >= maxAttempts || inMs === null) return { kind: "failed" };
  return { kind: "retry", inMs: Math.max(inMs, pauseMs) };
}

/** Retry-After speaks of the receiver's load only with the statuses that say so. */
function askedPauseMs(status: number, retryAfter: string | undefined): number {
  return status === 429 || status === 503 ? (retryAfterMs(retryAfter, new Date()) ?? 0) : 0;
}

const OVERLOADED_STATUSES: ReadonlySet<number> = new Set([429, 502, 503, 504]);
const OVERLOADED_CODES: ReadonlySet<string> = new Set([
  "timeout",
  "connect_timeout",
  "connect_failed",
  "connection_reset",
]);

/** What the attempt says about how much the webhook can take; null when it says nothing. */
export function verdictOf({ outcome, attempt }: Settlement): Verdict | null {
  if (outcome.kind === "delivered") return "ok";
  if (outcome.kind === "released") return null;
  if (attempt.httpStatus !== null) return OVERLOADED_STATUSES.has(attempt.httpStatus) ? "overloaded" : "refused";
  return OVERLOADED_CODES.has(attempt.errorCode ?? "") ? "overloaded" : "refused";
}

function failureText(status: number): string {
  if (status >= 300 && status <= 399) return `Answered ${status}. Redirects are not followed; use the final URL.`;
  return `Answered ${status}. Only 2xx counts as delivered.`;
}

type Recorded = Settlement["attempt"];

function settlement({
  delivery,
  startedAt,
  outcome,
  pauseMs = 0,
  ...recorded
}: {
  delivery: ClaimedDelivery;
  startedAt: Date;
  outcome: Settlement["outcome"];
  pauseMs?: number;
} & Partial<Recorded> &
  Pick<Recorded, "requestHeaders" | "errorCode" | "errorMessage">): Settlement {
  return {
    deliveryId: delivery.id,
    leaseToken: delivery.leaseToken,
    projectId: delivery.projectId,
    webhookId: delivery.webhookId,
    isFailing: delivery.isFailing,
    isOrdered: delivery.isOrdered,
    isForgedTest: delivery.eventSource === FORGED_TEST,
    pauseMs,
    outcome,
    attempt: {
      number: delivery.attemptNumber,
      trigger: delivery.trigger,
      startedAt,
      httpStatus: null,
      latencyMs: 0,
      responseHeaders: null,
      responseBody: null,
      responseTruncated: false,
      responseBytes: null,
      remoteAddress: null,
      ...recorded,
      timings: { ...recorded.timings, queue_ms: delivery.waitedMs },
    },
  };
}
