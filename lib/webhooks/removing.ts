import type { Tx } from "@/lib/db/transaction";
import { recordChange } from "@/lib/webhooks/changes";

/**
 * Deletes a webhook whose row the caller has locked: its secrets go, what waits is cancelled, the log stays.
 * @param by a user's or an API key's id, or "file"
 */
export async function remove(tx: Tx, webhookId: string, { by }: { by: string }): Promise<void> {
  const now = new Date();
  const deleted = await tx.webhook.update({
    where: { id: webhookId },
    data: { deletedAt: now, enabled: false, secret: null, previousSecrets: [], headers: null },
  });
  await recordChange(tx, deleted, { kind: "deleted", by });
  // What is under way is settled by its worker.
  await tx.delivery.updateMany({
    where: { webhookId, status: "pending", OR: [{ leaseUntil: null }, { leaseUntil: { lte: now } }] },
    data: { status: "cancelled", nextAttemptAt: null, completedAt: now, revision: { increment: 1 } },
  });
}
