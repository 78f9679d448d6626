import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import type { debugSignatureBody, SignatureDiagnosis } from "@/lib/contracts/signature-debugger";
import { db } from "@/lib/db/client";
import { notFound } from "@/lib/errors";
import type { Webhook as WebhookRow } from "@/lib/generated/prisma/client";
import { isId } from "@/lib/ids";
import { parseHeaders, signatureHeaders } from "@/lib/webhooks/debugger-headers";
import { previousSecretSchema } from "@/lib/webhooks/key-ring";
import { openSecret } from "@/lib/webhooks/secrets";
import { type Candidate, diagnose } from "@/lib/webhooks/signature-debugger";

/**
 * Says why the signature of a received request does not verify. Compares with the stored secrets of the webhook that is
 * named, or that X-Webhook-Delivery leads to, and with the body of the event as it was sent. Stores and logs nothing.
 * @throws AppError "not_found" for a webhook that this project has not
 */
export async function debugSignature(
  actor: Actor,
  body: z.output<typeof debugSignatureBody>,
  now: Date,
): Promise<SignatureDiagnosis> {
  authorise(actor, "webhooks:read");
  const { id, deliveryId } = signatureHeaders(parseHeaders(body.headers));
  const webhook = await findWebhook(actor, body.webhook_id, deliveryId);
  const candidates: Candidate[] = [
    ...(body.secret ? [{ role: "given" as const, secret: body.secret }] : []),
    ...(webhook ? storedSecrets(webhook) : []),
  ];
  const receivedAt = Math.floor((body.received_at ? Date.parse(body.received_at) : now.getTime()) / 1000);
  return {
    ...diagnose({
      headers: body.headers,
      body: body.body,
      candidates,
      storedBody: await storedBody(actor, id),
      receivedAt,
    }),
    webhook_id: webhook?.id ?? null,
  };
}

async function findWebhook(actor: Actor, webhookId: string | undefined, deliveryId: string | undefined) {
  const { projectId } = actor;
  if (webhookId !== undefined) {
    const row = await db.webhook.findFirst({ where: { id: webhookId, projectId, deletedAt: null } });
    if (!row) throw notFound("webhook");
    return row;
  }
  if (deliveryId === undefined || !isId("delivery", deliveryId)) return null;
  const delivery = await db.delivery.findFirst({ where: { id: deliveryId, projectId } });
  return delivery && db.webhook.findFirst({ where: { id: delivery.webhookId, projectId } });
}

/** Expired ones too, as long as they are there: that a receiver still has one of them is worth telling. */
function storedSecrets({ id, secret, previousSecrets }: WebhookRow): Candidate[] {
  const previous = previousSecretSchema.array().parse(previousSecrets);
  const sealed = [
    ...(secret === null ? [] : [{ role: "current" as const, secret }]),
    ...previous.map((entry) => ({ role: "replaced" as const, secret: entry.secret })),
  ];
  return sealed.flatMap((candidate) => {
    try {
      return [{ ...candidate, secret: openSecret(id, candidate.secret) }];
    } catch {
      return [];
    }
  });
}

/** What was sent, for those who may see events; null otherwise, and when the event is not this project's. */
async function storedBody({ projectId, permissions }: Actor, eventId: string | undefined): Promise<string | null> {
  if (eventId === undefined || !isId("event", eventId) || !permissions.has("events:read")) return null;
  const event = await db.event.findFirst({ where: { id: eventId, projectId }, select: { body: true } });
  return event?.body ?? null;
}
