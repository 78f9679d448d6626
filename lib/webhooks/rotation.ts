import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { SECRET_LIMITS, type Signing, signingSchema } from "@/lib/contracts/signing";
import type { regenerateSecretBody } from "@/lib/contracts/webhook-secrets";
import type { Webhook, WebhookWithSecret } from "@/lib/contracts/webhooks";
import { afterCommit, transaction } from "@/lib/db/transaction";
import { AppError, notFound } from "@/lib/errors";
import type { Webhook as WebhookRow } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";
import { announceWebhooksChanged } from "@/lib/live/channel";
import { livePrevious, type PreviousSecret } from "@/lib/webhooks/key-ring";
import { secretErrors, withReplaced } from "@/lib/webhooks/rotation-policy";
import { openSecret, sealSecret } from "@/lib/webhooks/secrets";
import { lockEditable, refuse } from "@/lib/webhooks/service";
import { generateSecret } from "@/lib/webhooks/signing-key";
import { toWebhook } from "@/lib/webhooks/webhook-view";

/**
 * Replaces the secret. The old one signs on beside it for `overlap_s` seconds, in every attempt that is made meanwhile.
 * @returns the webhook with its new secret, which is not shown again
 * @throws AppError "not_found", "validation_failed" for a secret of one's own that cannot sign so, "conflict" when
 *   SECRET_LIMITS.previous replaced secrets sign already, or for a webhook that belongs to the configuration file
 */
export async function regenerateSecret(
  actor: Actor,
  webhookId: string,
  body: z.output<typeof regenerateSecretBody>,
): Promise<WebhookWithSecret> {
  authorise(actor, "webhooks:write");
  return transaction(async (tx) => {
    const present = await lockEditable(tx, actor, webhookId);
    const signing = body.signing ?? signingSchema.parse(present.signing);
    refuse(secretErrors({ secret: body.secret, signing }));
    const secret = body.secret ?? generateSecret(signing);
    const now = new Date();
    const previousSecrets = withReplaced(
      livePrevious(present.previousSecrets, now),
      replacedSecret(present, body.overlap_s, now),
    );
    if (previousSecrets === null) {
      throw new AppError(
        "conflict",
        `${SECRET_LIMITS.previous} replaced secrets of this webhook still sign, which is the most. Revoke one of them, or rotate with "overlap_s": 0.`,
      );
    }
    afterCommit(tx, () => announceWebhooksChanged(actor.projectId));
    const row = await tx.webhook.update({
      where: { id: webhookId },
      data: { secret: sealSecret(webhookId, secret), signing, previousSecrets },
    });
    return { ...toWebhook(row), secret };
  });
}

/** From the next attempt on the replaced secret signs no more. @throws AppError "not_found", "conflict". */
export async function revokePreviousSecret(actor: Actor, webhookId: string, secretId: string): Promise<Webhook> {
  authorise(actor, "webhooks:write");
  return transaction(async (tx) => {
    const present = await lockEditable(tx, actor, webhookId);
    const live = livePrevious(present.previousSecrets, new Date());
    const left = live.filter(({ id }) => id !== secretId);
    if (left.length === live.length) throw notFound("previous secret");
    afterCommit(tx, () => announceWebhooksChanged(actor.projectId));
    return toWebhook(await tx.webhook.update({ where: { id: webhookId }, data: { previousSecrets: left } }));
  });
}

function replacedSecret(webhook: WebhookRow, overlapS: number, now: Date): PreviousSecret | null {
  if (webhook.secret === null || overlapS === 0 || !opens(webhook.id, webhook.secret)) return null;
  const signing: Signing = signingSchema.parse(webhook.signing);
  return {
    id: newId("secret"),
    secret: webhook.secret,
    signing,
    created_at: now.toISOString(),
    expires_at: new Date(now.getTime() + overlapS * 1000).toISOString(),
  };
}

/** What cannot be opened cannot sign: kept, it would fail every attempt although there is a good secret now. */
function opens(webhookId: string, sealed: string): boolean {
  try {
    openSecret(webhookId, sealed);
    return true;
  } catch {
    return false;
  }
}
