import { OWN_FAULTS, type Waiting } from "@/lib/contracts/deliveries";
import type { Delivery, Webhook } from "@/lib/generated/prisma/client";
import { countOf } from "@/lib/webhooks/count-of";
import type { Crowd } from "@/lib/webhooks/crowd";

type WaitingDelivery = Pick<Delivery, "status" | "leaseUntil" | "nextAttemptAt" | "trigger" | "errorCode">;
type Limits = Pick<Webhook, "maxInFlight" | "rateLimit" | "failingSince">;
type WaitedFor = Pick<Webhook, "enabled" | "health" | "pausedUntil">;

/**
 * What keeps a pending delivery beyond its own schedule, the reason that lasts longest first; null when nothing does.
 * It says in words what the claim in lib/queue decides.
 * @param headId the oldest unfinished delivery of its strict lane, when that is another one
 * @param crowd when it is due: limits of the webhook are looked at too
 */
export function waitingFor(
  delivery: WaitingDelivery,
  webhook: WaitedFor & Limits,
  headId: string | null,
  now: Date,
  crowd?: Crowd,
): Waiting | null {
  const underWay = delivery.leaseUntil !== null && delivery.leaseUntil > now;
  if (delivery.status !== "pending" || underWay) return null;
  if (!webhook.enabled && delivery.trigger !== "test")
    return { reason: "disabled", until: null, head_delivery_id: null, detail: null };
  if (headId !== null) return { reason: "lane", until: null, head_delivery_id: headId, detail: null };
  // What a person sent goes out whatever the webhook's pauses.
  if (delivery.trigger === "manual" || delivery.trigger === "test") return null;
  const due = delivery.nextAttemptAt ?? now;
  const pause = webhook.pausedUntil !== null && webhook.pausedUntil > now ? webhook.pausedUntil : null;
  if (pause !== null && pause > due) {
    const reason = webhook.health === "probing" ? "probing" : "paused";
    return { reason, until: pause.toISOString(), head_delivery_id: null, detail: null };
  }
  if (webhook.health === "probing" && due <= now) {
    return { reason: "probing", until: null, head_delivery_id: null, detail: null };
  }
  // What kept it on our side last time says more than that others are under way; the delivery tells it itself.
  if (OWN_FAULTS.includes(delivery.errorCode ?? "")) return null;
  const limit = crowd ? limitFor(webhook, { trigger: delivery.trigger, crowd }) : null;
  return limit && { ...limit, until: null, head_delivery_id: null };
}

type Limit = { reason: Extract<Waiting["reason"], "max_in_flight" | "rate_limit" | "back_off">; detail: string };

/**
 * Which limit of the webhook keeps a due delivery, as far as the database shows it; null when none does. Without a request
 * under way or others before it nothing says that a limit is used up, nor that a worker runs.
 */
export function limitFor(
  { maxInFlight, rateLimit, failingSince }: Limits,
  { trigger, crowd: { underWay, ahead } }: Pick<Delivery, "trigger"> & { crowd: Crowd },
): Limit | null {
  if (trigger === "manual" || trigger === "test") return null;
  const underWayWords = `${countOf(underWay, "request")} to the webhook ${underWay === 1 ? "is" : "are"} under way`;
  if (maxInFlight !== null && underWay >= maxInFlight) {
    return { reason: "max_in_flight", detail: `It is due; ${underWayWords}, as many as its max_in_flight allows.` };
  }
  if (rateLimit !== null && (ahead || underWay > 0)) {
    const rate = `at most ${countOf(rateLimit, "request")} per second`;
    return { reason: "rate_limit", detail: `It is due; the webhook gets ${rate}, and others go first.` };
  }
  if (underWay === 0) return null;
  const why = failingSince === null ? "follow what the receiver takes" : "are fewer while its attempts fail";
  return { reason: "back_off", detail: `It is due; ${underWayWords}, and requests at once ${why}.` };
}
