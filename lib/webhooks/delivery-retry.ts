import { type Actor, authorise } from "@/lib/accounts/actor";
import type { Delivery } from "@/lib/contracts/deliveries";
import { afterCommit, transaction } from "@/lib/db/transaction";
import { AppError, notFound } from "@/lib/errors";
import { announceDeliveries } from "@/lib/live/channel";
import { wakeWorkers } from "@/lib/queue/wake";
import { toDelivery } from "@/lib/webhooks/delivery-view";

/**
 * Makes a delivery due now. One that ended gets a single further attempt beyond its schedule; the history stays.
 * @throws AppError "not_found", "delivery_in_progress" while an attempt is under way, "conflict" when the webhook is
 *   disabled or deleted
 */
export async function retryDelivery(actor: Actor, deliveryId: string, webhookId?: string): Promise<Delivery> {
  authorise(actor, "deliveries:retry");
  return transaction(async (tx) => {
    // A worker that claims this row at the same moment waits for the lock or skips the row.
    const [locked] = await tx.$queryRaw<{ under_way: boolean }[]>`
      SELECT status = 'pending' AND coalesce(lease_until > now(), false) AS under_way
        FROM delivery WHERE id = ${deliveryId} AND project_id = ${actor.projectId} FOR UPDATE`;
    const row = await tx.delivery.findFirst({
      where: { id: deliveryId, projectId: actor.projectId, ...(webhookId === undefined ? {} : { webhookId }) },
      include: { webhook: { select: { enabled: true, deletedAt: true, url: true } } },
    });
    if (!row) throw notFound("delivery");
    if (locked?.under_way) {
      throw new AppError("delivery_in_progress", "An attempt is under way; wait for its result.", { retryAfterS: 10 });
    }
    if (row.webhook.deletedAt !== null)
      throw new AppError("conflict", "The webhook was deleted; nothing can be sent to it.");
    if (!row.webhook.enabled) throw new AppError("conflict", "The webhook is disabled; enable it first.");
    const ended = row.status !== "pending";
    const updated = await tx.delivery.update({
      where: { id: deliveryId },
      data: {
        status: "pending",
        nextAttemptAt: new Date(),
        trigger: "manual",
        url: row.webhook.url,
        completedAt: null,
        leaseToken: null,
        leaseUntil: null,
        revision: { increment: 1 },
        ...(ended && { maxAttempts: row.attemptCount + 1 }),
      },
    });
    afterCommit(tx, () => {
      wakeWorkers();
      announceDeliveries(actor.projectId, [deliveryId]);
    });
    return toDelivery(updated, new Date());
  });
}
