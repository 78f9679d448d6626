import { db } from "@/lib/db/client";
import { isId } from "@/lib/ids";
import type { Sender } from "@/lib/receiver/verdict";
import { originOf } from "@/lib/webhooks/delivery-origin";
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
  const delivery = await db.delivery.findFirst({ where: { id: deliveryId, projectId } });
  const origin = delivery && (await originOf(delivery));
  if (!origin) return null;
  const { event, webhook } = origin;
  return {
    deliveryId,
    sender: openSender({ ...webhook, webhookId: webhook.id }, now),
    forged: event.source === FORGED_TEST,
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
