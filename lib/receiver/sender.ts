import { db } from "@/lib/db/client";
import { isId } from "@/lib/ids";
import type { Sender } from "@/lib/receiver/verdict";
import { FORGED_TEST } from "@/lib/webhooks/forged-test";
import { type SecretColumns, signingKeys } from "@/lib/webhooks/key-ring";

type FoundSender = {
  deliveryId: string;
  sender: Sender;
  /** The delivery is a test whose signature is wrong on purpose. */
  forged: boolean;
};

/** The delivery that a request names, with the means to check its signature; null when this project has none such. */
export async function findSender(projectId: string, deliveryId: string | null, now: Date): Promise<FoundSender | null> {
  if (deliveryId === null || !isId("delivery", deliveryId)) return null;
  const delivery = await db.delivery.findFirst({
    where: { id: deliveryId, projectId },
    select: {
      event: { select: { source: true } },
      webhook: { select: { id: true, secret: true, signing: true, previousSecrets: true } },
    },
  });
  if (!delivery) return null;
  const { id: webhookId, ...columns } = delivery.webhook;
  return {
    deliveryId,
    sender: openSender({ webhookId, ...columns }, now),
    forged: delivery.event.source === FORGED_TEST,
  };
}

function openSender(columns: SecretColumns, now: Date): Sender {
  try {
    const keys = signingKeys(columns, now);
    return keys.length === 0 ? { kind: "unsigned" } : { kind: "signing", keys };
  } catch {
    return { kind: "unreadable" };
  }
}
