import { type Actor, authorise } from "@/lib/accounts/actor";
import type { DeliveryCurl } from "@/lib/contracts/attempts";
import { curlCommand } from "@/lib/contracts/curl";
import { db } from "@/lib/db/client";
import { AppError, notFound } from "@/lib/errors";
import type { Webhook } from "@/lib/generated/prisma/client";
import { MASK, maskSensitiveHeaders } from "@/lib/net/headers";
import { originOf } from "@/lib/webhooks/delivery-origin";
import { FORGED_TEST, forgedKeys } from "@/lib/webhooks/forged-test";
import { signingKeys } from "@/lib/webhooks/key-ring";
import { outgoingHeaders } from "@/lib/webhooks/outgoing";
import { openHeaders } from "@/lib/webhooks/secrets";
import { TOLERANCE_S } from "@/lib/webhooks/signature";
import type { SigningKey } from "@/lib/webhooks/signing-key";

/**
 * A command that sends a delivery to its webhook's present URL as the worker would at this moment. It needs the right
 * to retry, because whoever has it can send what receivers take for ours. Custom headers that are credentials by their
 * name are placeholders.
 * @throws AppError "not_found", "conflict" when the webhook was deleted or its secret cannot be decrypted
 */
export async function createDeliveryCurl(actor: Actor, deliveryId: string, now: Date): Promise<DeliveryCurl> {
  authorise(actor, "deliveries:retry");
  const delivery = await db.delivery.findFirst({
    where: { id: deliveryId, projectId: actor.projectId },
  });
  const origin = delivery && (await originOf(delivery));
  if (!origin) throw notFound("delivery");
  const { event, webhook } = origin;
  if (webhook.deletedAt !== null)
    throw new AppError("conflict", "The webhook was deleted; nothing can be signed for it.");
  const { keys, headers } = open(webhook, event.source, now);
  const timestamp = Math.floor(now.getTime() / 1000);
  const { shown, placeholders } = withPlaceholders(headers);
  const command = curlCommand({
    method: "POST",
    url: webhook.url,
    headers: outgoingHeaders({
      eventId: event.id,
      eventType: event.type,
      deliveryId: delivery.id,
      attemptNumber: Math.max(delivery.attemptCount, 1),
      timestamp,
      body: event.body,
      keys,
      custom: shown,
    }),
    body: event.body,
  });
  const validUntil = new Date((timestamp + TOLERANCE_S) * 1000).toISOString();
  return { command, valid_until: keys.length === 0 ? null : validUntil, placeholders };
}

/** As the worker signs: with every key in force, and a forged test with none of them. */
function open(
  webhook: Webhook,
  eventSource: string,
  now: Date,
): { keys: SigningKey[]; headers: Record<string, string> } {
  try {
    return {
      keys:
        eventSource === FORGED_TEST
          ? forgedKeys(webhook.signing)
          : signingKeys({ ...webhook, webhookId: webhook.id }, now),
      headers: openHeaders(webhook.id, webhook.headers),
    };
  } catch {
    throw new AppError(
      "conflict",
      "The webhook's secret cannot be decrypted with this installation's key. Regenerate the secret.",
    );
  }
}

function withPlaceholders(headers: Record<string, string>) {
  const placeholders: string[] = [];
  const shown = Object.entries(maskSensitiveHeaders(headers)).map(([name, value]): [string, string] => {
    if (value !== MASK) return [name, value];
    placeholders.push(name);
    return [name, `<${name}>`];
  });
  return { shown: Object.fromEntries(shown), placeholders };
}
