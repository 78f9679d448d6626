import { db } from "@/lib/db/client";
import { isId } from "@/lib/ids";
import type { Sender } from "@/lib/receiver/verdict";
import { openSecret } from "@/lib/webhooks/secrets";

/** The delivery that a request names, with the means to check its signature; null when this project has none such. */
export async function findSender(
  projectId: string,
  deliveryId: string | null,
): Promise<{ deliveryId: string; sender: Sender } | null> {
  if (deliveryId === null || !isId("delivery", deliveryId)) return null;
  const delivery = await db.delivery.findFirst({
    where: { id: deliveryId, projectId },
    select: { webhook: { select: { id: true, secret: true } } },
  });
  if (!delivery) return null;
  const { id, secret } = delivery.webhook;
  return { deliveryId, sender: secret === null ? { kind: "unsigned" } : openSender(id, secret) };
}

function openSender(webhookId: string, sealed: string): Sender {
  try {
    return { kind: "signing", secret: openSecret(webhookId, sealed) };
  } catch {
    return { kind: "unreadable" };
  }
}
