import { isOperationalType, patternMatches } from "@/lib/contracts/event-types";
import { RETRY_PRESETS, type WebhookFilter, type WebhookRetry } from "@/lib/contracts/webhooks";
import { matchesPayload } from "@/lib/webhooks/payload-filter";

/** Attempts in all: the first and the retries. */
export function maxAttempts(retry: WebhookRetry): number {
  return 1 + delays(retry).length;
}

/**
 * Milliseconds to wait after a failed attempt, or null when the schedule is used up.
 * @param attemptNumber of the attempt that just failed, from 1
 * @param random between 0 and 1; spreads the retries of presets that have jitter
 */
export function retryDelayMs(retry: WebhookRetry, attemptNumber: number, random: number): number | null {
  const seconds = delays(retry)[attemptNumber - 1];
  if (seconds === undefined) return null;
  const jitter = "preset" in retry ? RETRY_PRESETS[retry.preset].jitter : 0;
  return Math.round(seconds * 1000 * (1 + jitter * (2 * random - 1)));
}

/**
 * Which attempt of the webhook's schedule an attempt is: a replay, which raises the most attempts, begins the schedule anew
 * behind those that were made before.
 * @param most attempts of the delivery in all
 */
export function numberInSchedule(retry: WebhookRetry, attemptNumber: number, most: number): number {
  return Math.max(1, attemptNumber - Math.max(0, most - maxAttempts(retry)));
}

/** Only 2xx is success: a redirect is not followed and therefore delivers nothing. */
export function isSuccess(httpStatus: number): boolean {
  return httpStatus >= 200 && httpStatus <= 299;
}

export type Subscription = { eventTypes: readonly string[]; enabled: boolean; filter: WebhookFilter | null };
export type MatchedEvent = {
  type: string;
  labels: Readonly<Record<string, string>>;
  application: string | null;
  environment: string | null;
  /** As the receiver gets it, parsed. */
  body: Record<string, unknown>;
};

/** Why an event goes to a webhook or passes it by; the first clause that decides. */
export type MatchVerdict = "match" | "disabled" | "type" | "application" | "environment" | "labels" | "payload";

export function matchEvent(subscription: Subscription, event: MatchedEvent): MatchVerdict {
  if (!subscription.eventTypes.some((pattern) => patternMatches(pattern, event.type))) return "type";
  const { applications, environments, labels, payload } = subscription.filter ?? {};
  if (applications && !includes(applications, event.application)) return "application";
  if (environments && !includes(environments, event.environment)) return "environment";
  if (labels && !Object.entries(labels).every(([name, value]) => event.labels[name] === value)) return "labels";
  if (payload && !matchesPayload(payload, event.body)) return "payload";
  return subscription.enabled ? "match" : "disabled";
}

/** Whether an event tells about this webhook's own trouble: sent there it would be one more delivery to fail. */
export function isAboutItself(event: { type: string; data: Record<string, unknown> }, webhookId: string): boolean {
  return isOperationalType(event.type) && event.data.webhook_id === webhookId;
}

/**
 * The lane of an event at a strictly ordered webhook: the value at the path, or one lane for all. Events without a
 * value there share the lane "".
 * @param body the event's body, where the path begins
 */
export function laneOf(orderKey: string | null, body: unknown): string {
  if (orderKey === null) return "";
  let value: unknown = body;
  for (const part of orderKey.split(".")) {
    value =
      typeof value === "object" && value !== null && Object.hasOwn(value, part) ? Reflect.get(value, part) : undefined;
  }
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

function delays(retry: WebhookRetry): readonly number[] {
  return "preset" in retry ? RETRY_PRESETS[retry.preset].delays_s : retry.delays_s;
}

function includes(allowed: readonly string[], value: string | null): boolean {
  return value !== null && allowed.includes(value);
}
