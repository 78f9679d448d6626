import type { Tx } from "@/lib/db/transaction";
import type { Prisma, Webhook as WebhookRow } from "@/lib/generated/prisma/client";
import { recordChange } from "@/lib/webhooks/changes";

export type DisabledReason = "manual" | "gone" | "failing";

/**
 * Disables a webhook whose row the caller has locked: what waits loses its due time and stays waiting.
 * @param by a user's or an API key's id, "file" or "system"
 */
export async function disable(
  tx: Tx,
  webhookId: string,
  { reason, by, why }: { reason: DisabledReason; by: string; why?: string },
): Promise<WebhookRow> {
  const row = await tx.webhook.update({
    where: { id: webhookId },
    data: { enabled: false, disabledReason: reason, disabledAt: new Date(), pausedUntil: null },
  });
  await setDue(tx, webhookId, null);
  await recordChange(tx, row, { kind: "disabled", by, ...(why !== undefined && { reason: why }) });
  return row;
}

/** Enables a webhook whose row the caller has locked: it begins anew as healthy, and what waits is due at once. */
export async function enable(tx: Tx, webhookId: string, { by }: { by: string }): Promise<WebhookRow> {
  const row = await tx.webhook.update({
    where: { id: webhookId },
    data: {
      enabled: true,
      disabledReason: null,
      disabledAt: null,
      health: "healthy",
      healthSince: new Date(),
      failingSince: null,
      consecutiveFailures: 0,
      lastFailure: null,
      pausedUntil: null,
    },
  });
  await setDue(tx, webhookId, new Date());
  await recordChange(tx, row, { kind: "enabled", by });
  return row;
}

/** Without a due time the workers do not even look at a delivery, however many of them wait. */
async function setDue(tx: Tx, webhookId: string, due: Date | null): Promise<void> {
  const where: Prisma.DeliveryWhereInput = { webhookId, status: "pending", trigger: { not: "test" } };
  await tx.delivery.updateMany({ where, data: { nextAttemptAt: due, revision: { increment: 1 } } });
}
