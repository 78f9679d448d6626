import { db } from "@/lib/db/client";
import type { Delivery, Event, Webhook } from "@/lib/generated/prisma/client";

export type Origin = { event: Event; webhook: Webhook };

/**
 * The event and the webhook of a delivery. The database sees to it that a delivery has both; null when it went with them
 * since it was read.
 */
export async function originOf({
  projectId,
  eventId,
  webhookId,
}: Pick<Delivery, "projectId" | "eventId" | "webhookId">): Promise<Origin | null> {
  const [event, webhook] = await Promise.all([
    db.event.findFirst({ where: { id: eventId, projectId } }),
    db.webhook.findFirst({ where: { id: webhookId, projectId } }),
  ]);
  return event && webhook && { event, webhook };
}
