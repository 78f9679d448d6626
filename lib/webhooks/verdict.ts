import { OWN_FAULTS } from "@/lib/contracts/deliveries";
import type { EventVerdict, Verdict, WaitsFor } from "@/lib/contracts/verdicts";
import type { ChangeAuthor } from "@/lib/contracts/webhook-changes";
import { countOf } from "@/lib/webhooks/count-of";
import type { Crowd } from "@/lib/webhooks/crowd";
import { limitFor, waitingFor } from "@/lib/webhooks/delivery-waiting";
import { explainMatch } from "@/lib/webhooks/explain";
import type { MatchedEvent, MatchVerdict, Subscription } from "@/lib/webhooks/policy";

/**
 * Milliseconds by which the time of a change may miss the moment from which events saw it: a transaction carries the
 * time of its beginning and may take ten seconds, and clocks differ a little.
 */
export const SKEW_MS = 15_000;

/**
 * An event, the webhook that a test event was made for, and the one whose trouble an operational event tells.
 */
export type JudgedEvent = MatchedEvent & { createdAt: Date; testOf: string | null; troubleOf: string | null };

/** A webhook as it is now. */
export type JudgedWebhook = Subscription & {
  id: string;
  createdAt: Date;
  deletedAt: Date | null;
  health: string;
  failingSince: Date | null;
  pausedUntil: Date | null;
  disabledAt: Date | null;
  maxInFlight: number | null;
  rateLimit: number | null;
};

/** What a webhook subscribed to from `at` on. */
export type Version = Subscription & { at: Date; kind: string; by: ChangeAuthor; reason: string | null };

export type Versions = {
  /** In force at the event's time, by the clock; null: there was none yet. */
  judged: Version | null;
  /** The one before it and the one after it. */
  before: Version | null;
  after: Version | null;
  /** The one by which it was disabled at the event's time. */
  disabledBy: Version | null;
};

export type JudgedDelivery = {
  status: NonNullable<EventVerdict["delivery"]>["status"];
  /** What caused the attempt that comes next: what people sent passes over pauses, a test even over disabling. */
  trigger: string;
  attemptCount: number;
  maxAttempts: number;
  httpStatus: number | null;
  errorCode: string | null;
  errorMessage: string | null;
  nextAttemptAt: Date | null;
  /** The first unfinished delivery of its lane, when that is another one. */
  behind: string | null;
  crowd: Crowd;
};

export type Judgement = Pick<EventVerdict, "verdict" | "detail" | "clause" | "waits_for" | "waits_behind"> & {
  since: Date | null;
  until: Date | null;
};

const ABOUT_ITSELF = "It tells about this webhook's own trouble, which goes only to the others.";

type Facts = { event: JudgedEvent; webhook: JudgedWebhook; now: Date };

/** What became of an event at a webhook. A delivery is the truth; without one the subscription of that time is asked. */
export function judge({
  delivery,
  versions,
  ...facts
}: Facts & { delivery: JudgedDelivery | null; versions: Versions }): Judgement {
  return delivery === null ? judgeAbsence(facts, versions) : judgeDelivery(facts, delivery);
}

/** Whether such an event would be sent to the webhook as it is now. */
export function judgeNow({ event, webhook }: Omit<Facts, "now">): EventVerdict["now"] {
  const no = (detail: string) => ({ would_match: false, detail });
  if (webhook.deletedAt !== null) return no("It was deleted.");
  if (event.testOf !== null && event.testOf !== webhook.id) return no("A test goes to the webhook that is tested.");
  if (event.troubleOf === webhook.id) return no(ABOUT_ITSELF);
  const { verdict, detail } = explainMatch(webhook, event, "asks");
  if (verdict === "match") return { would_match: true, detail: "Such an event would be sent to it now." };
  return no(verdict === "disabled" ? "It is disabled." : detail);
}

/** Whether "send anyway" may send the event to the webhook: what the sending itself asks, so that both say the same. */
export function canSend(
  event: Pick<JudgedEvent, "testOf">,
  webhook: Pick<JudgedWebhook, "id" | "enabled" | "deletedAt">,
  delivery: Pick<JudgedDelivery, "status"> | null,
): boolean {
  return refusalToSend(event, webhook) === null && delivery?.status !== "delivering";
}

/** Why nothing can be sent to a webhook, for people; null when it can. */
export function refusalToSend(
  event: Pick<JudgedEvent, "testOf">,
  webhook: Pick<JudgedWebhook, "id" | "enabled" | "deletedAt">,
): string | null {
  if (webhook.deletedAt !== null) return "The webhook was deleted; nothing can be sent to it.";
  if (!webhook.enabled) return "The webhook is disabled; enable it first.";
  if (event.testOf !== null && event.testOf !== webhook.id) {
    return "The event is a test of another webhook; test this one instead.";
  }
  return null;
}

function judgeDelivery({ webhook, now }: Facts, delivery: JudgedDelivery): Judgement {
  const { attemptCount, errorMessage } = delivery;
  const reason = errorMessage ?? "No reason was recorded.";
  switch (delivery.status) {
    case "delivered":
      return say("delivered", `Answered ${delivery.httpStatus ?? "2xx"} to attempt ${attemptCount}.`);
    case "delivering":
      return say("delivering", `Attempt ${attemptCount} of ${delivery.maxAttempts} is under way.`);
    case "cancelled":
      return say("cancelled", "The webhook was deleted before it could be sent.", { since: webhook.deletedAt });
    case "failed":
      if (isBlocked(delivery)) return say("blocked", `The address may not be sent to: ${reason}`);
      return say("failed", `Given up after ${countOf(attemptCount, "attempt")}. ${reason}`);
    case "pending": {
      const wait = whyItWaits(webhook, delivery, now);
      return isBlocked(delivery)
        ? { ...wait, verdict: "blocked", detail: `The address may not be sent to: ${reason} ${wait.detail}` }
        : wait;
    }
  }
}

function whyItWaits(webhook: JudgedWebhook, delivery: JudgedDelivery, now: Date): Judgement {
  const wait = (waits_for: WaitsFor, detail: string, more: Partial<Judgement> = {}) =>
    say("pending", detail, { waits_for, ...more });
  const { attemptCount, maxAttempts, errorCode, errorMessage, behind, nextAttemptAt, trigger } = delivery;
  const asWaiting = { status: "pending", leaseUntil: null, nextAttemptAt, trigger, errorCode };
  const waiting = waitingFor(asWaiting, webhook, behind, now);
  switch (waiting?.reason) {
    case "disabled":
      return wait("disabled", "The webhook is disabled; it is sent when the webhook is enabled.", {
        since: webhook.disabledAt,
      });
    case "lane":
      return wait("lane", "Another delivery goes first: the webhook keeps its order.", { waits_behind: behind });
    case "paused":
      return wait("paused", "The receiver asked for a pause.", { until: webhook.pausedUntil });
    case "probing":
      return waiting.until === null
        ? wait("probing", "The webhook failed for long and gets one request at a time.")
        : wait("probing", "The webhook failed for long; the next request is a probe.", { until: webhook.pausedUntil });
  }
  if (OWN_FAULTS.includes(errorCode ?? "") && errorMessage !== null) {
    const until = nextAttemptAt !== null && nextAttemptAt > now ? nextAttemptAt : null;
    const detail = `Not sent yet, for a reason on our side: ${errorMessage} It is tried until it can be; this uses up no attempt.`;
    return wait(until === null ? "worker" : "retry", detail, { until });
  }
  const failed = attemptCount > 0 && errorMessage !== null ? ` Attempt ${attemptCount} failed: ${errorMessage}` : "";
  if (nextAttemptAt !== null && nextAttemptAt > now) {
    return wait("retry", `Attempt ${attemptCount + 1} of ${maxAttempts} follows.${failed}`, { until: nextAttemptAt });
  }
  const limit = limitFor(webhook, delivery);
  if (limit !== null) return wait(limit.reason, `${limit.detail}${failed}`);
  return wait("worker", `It is due and taken up when its turn comes.${failed}`);
}

function judgeAbsence({ event, webhook }: Facts, { judged, before, after, disabledBy }: Versions): Judgement {
  if (event.testOf !== null && event.testOf !== webhook.id) {
    return say("addressed_to_another", "A test event goes only to the webhook that is tested.");
  }
  if (event.troubleOf === webhook.id) return say("about_itself", ABOUT_ITSELF);
  const createdLater = say("created_later", "The webhook was created after this event.", { since: webhook.createdAt });
  if (judged === null && webhook.createdAt > event.createdAt) return createdLater;
  const verdict = judgeVersion(judged ?? after ?? subscriptionOf(webhook), event, disabledBy);
  if (verdict !== null) return verdict;
  // It wanted the event by the clock. A change at about that time may have come into force a little earlier or later.
  if (judged !== null && msBetween(judged.at, event.createdAt) <= SKEW_MS) {
    const earlier = before === null ? createdLater : judgeVersion(before, event, before);
    if (earlier !== null) return earlier;
  }
  if (after !== null && msBetween(event.createdAt, after.at) <= SKEW_MS) {
    const later = judgeVersion(after, event, after);
    if (later !== null) return later;
  }
  return say(
    "missing",
    "It asked for this event, and yet there is no delivery. This must never happen. The loss audit on the overview counts it for a day if its delivery was stored and is gone; if none was stored, only while the event is among the newest. Send it now, and report this with the version you run.",
  );
}

/** @returns null when the webhook wanted the event */
function judgeVersion(version: Version, event: MatchedEvent, disabledBy: Version | null): Judgement | null {
  if (version.kind === "deleted") {
    return say("deleted", `It had been deleted by ${authorWords(version.by)}.`, { since: version.at });
  }
  const { verdict, detail, clause } = explainMatch(version, event, "asked");
  if (verdict === "match") return null;
  if (verdict !== "disabled") return say(VERDICT_OF[verdict], detail, { clause });
  return say("disabled", disabledWords(disabledBy ?? version), { since: (disabledBy ?? version).at });
}

const VERDICT_OF = {
  type: "not_subscribed",
  application: "application",
  environment: "environment",
  labels: "labels",
  payload: "payload",
} as const satisfies Record<Exclude<MatchVerdict, "match" | "disabled">, Verdict>;

function disabledWords({ kind, by, reason }: Version): string {
  const who = authorWords(by);
  const how = kind === "created" ? `It was created disabled by ${who}` : `It had been disabled by ${who}`;
  return reason === null ? `${how}.` : `${how}: ${reason}`;
}

/** Who made a change, inside a sentence. */
function authorWords({ kind, name }: ChangeAuthor): string {
  switch (kind) {
    case "member":
      return name ?? "somebody who is no longer a member";
    case "api_key":
      return name === null ? "an API key" : `the API key “${name}”`;
    case "file":
      return "the configuration file";
    case "engine":
      return "the delivery engine";
  }
}

function subscriptionOf(webhook: JudgedWebhook): Version {
  const { eventTypes, enabled, filter, createdAt } = webhook;
  const by = { kind: "engine", id: "system", name: null } as const;
  return { eventTypes, enabled, filter, at: createdAt, kind: "created", by, reason: null };
}

function isBlocked({ errorCode }: JudgedDelivery): boolean {
  return errorCode === "address_blocked";
}

function say(verdict: Verdict, detail: string, more: Partial<Judgement> = {}): Judgement {
  return { verdict, detail, clause: null, since: null, until: null, waits_for: null, waits_behind: null, ...more };
}

function msBetween(earlier: Date, later: Date): number {
  return later.getTime() - earlier.getTime();
}
