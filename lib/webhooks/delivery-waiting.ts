import type { Waiting } from "@/lib/contracts/deliveries";
import type { Delivery, Webhook } from "@/lib/generated/prisma/client";

type WaitingDelivery = Pick<Delivery, "status" | "leaseUntil" | "nextAttemptAt" | "trigger">;
type WaitedFor = Pick<Webhook, "enabled" | "health" | "pausedUntil">;

/**
 * What keeps a pending delivery beyond its own schedule, the reason that lasts longest first; null when nothing does.
 * It says in words what the claim in lib/queue decides.
 * @param headId the oldest unfinished delivery of its strict lane, when that is another one
 */
export function waitingFor(
  delivery: WaitingDelivery,
  webhook: WaitedFor,
  headId: string | null,
  now: Date,
): Waiting | null {
  const underWay = delivery.leaseUntil !== null && delivery.leaseUntil > now;
  if (delivery.status !== "pending" || underWay) return null;
  if (!webhook.enabled && delivery.trigger !== "test")
    return { reason: "disabled", until: null, head_delivery_id: null };
  if (headId !== null) return { reason: "lane", until: null, head_delivery_id: headId };
  // What a person sent goes out whatever the webhook's pauses.
  if (delivery.trigger === "manual" || delivery.trigger === "test") return null;
  const due = delivery.nextAttemptAt ?? now;
  const pause = webhook.pausedUntil !== null && webhook.pausedUntil > now ? webhook.pausedUntil : null;
  if (pause !== null && pause > due) {
    const reason = webhook.health === "probing" ? "probing" : "paused";
    return { reason, until: pause.toISOString(), head_delivery_id: null };
  }
  if (webhook.health === "probing" && due <= now) return { reason: "probing", until: null, head_delivery_id: null };
  return null;
}
