import { REQUEST_WEBHOOK_LIMITS, REQUEST_WEBHOOK_RETRY, type RequestWebhook } from "@/lib/contracts/request-webhook";
import type { Tx } from "@/lib/db/transaction";
import { httpRule, publicOrigin } from "@/lib/env";
import { AppError, invalidField } from "@/lib/errors";
import { newId } from "@/lib/ids";
import { egressPolicy } from "@/lib/net/address";
import { checkDestination } from "@/lib/net/destination";
import { recordChange } from "@/lib/webhooks/changes";
import { PRIVATE_PREFIX } from "@/lib/webhooks/ed25519";
import { sealSecret } from "@/lib/webhooks/secrets";

/**
 * Webhooks that a call brings along (source "request"): rows like the others, so that claim, send, settle and the
 * delivery log are the same, but bound to one workflow. They are left out wherever people manage webhooks, and an event
 * looks only at those of its own workflow, so that their number costs nothing.
 */
export const MANAGED = { workflowId: null } as const;

/** The same rules as for every other webhook's URL. @throws AppError "validation_failed" naming the field */
export function checkRequestWebhook({ url, secret }: RequestWebhook): void {
  const problem = checkDestination(url, { policy: egressPolicy(), http: httpRule, selfOrigin: publicOrigin });
  if (problem !== null) throw invalidField("webhook.url", problem);
  if (secret?.startsWith(PRIVATE_PREFIX)) {
    throw invalidField("webhook.secret", "This is an Ed25519 private key; the webhook of a request signs with HMAC.");
  }
}

/**
 * Binds a webhook to a workflow, whose row the caller holds locked. The same URL again is the same webhook; a secret that
 * comes with it takes the place of the one before.
 * @throws AppError "conflict" when the workflow has too many
 */
export async function attachRequestWebhook(
  tx: Tx,
  {
    projectId,
    workflowId,
    by,
    webhook,
  }: { projectId: string; workflowId: string; by: string; webhook: RequestWebhook },
): Promise<void> {
  const present = await tx.webhook.findMany({
    where: { workflowId, deletedAt: null },
    select: { id: true, url: true },
  });
  const same = present.find(({ url }) => url === webhook.url);
  if (same) {
    if (webhook.secret !== undefined) {
      await tx.webhook.update({ where: { id: same.id }, data: { secret: sealSecret(same.id, webhook.secret) } });
    }
    return;
  }
  if (present.length >= REQUEST_WEBHOOK_LIMITS.perWorkflow) {
    throw new AppError("conflict", `A workflow has at most ${REQUEST_WEBHOOK_LIMITS.perWorkflow} webhooks.`);
  }
  const id = newId("webhook");
  const created = await tx.webhook.create({
    data: {
      id,
      projectId,
      workflowId,
      source: "request",
      url: webhook.url,
      eventTypes: ["*"],
      secret: webhook.secret === undefined ? null : sealSecret(id, webhook.secret),
      ordering: "strict",
      retry: { delays_s: [...REQUEST_WEBHOOK_RETRY.delays_s] },
    },
  });
  await recordChange(tx, created, { kind: "created", by });
}
