import { type Actor, authorise } from "@/lib/accounts/actor";
import type { Delivery } from "@/lib/contracts/deliveries";
import { afterCommit, type Tx, transaction } from "@/lib/db/transaction";
import { AppError, notFound } from "@/lib/errors";
import type { Delivery as DeliveryRow } from "@/lib/generated/prisma/client";
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
    const updated = await makeDue(tx, actor.projectId, deliveryId, row.webhook.url);
    return toDelivery(updated, new Date());
  });
}

/**
 * Makes a delivery due now, one that ended for a single further attempt, and wakes the workers after the commit. The
 * caller holds the row's lock and has seen that no attempt is under way.
 * @param url the webhook's present one
 */
export async function makeDue(tx: Tx, projectId: string, deliveryId: string, url: string): Promise<DeliveryRow> {
  const { status, attemptCount } = await tx.delivery.findUniqueOrThrow({ where: { id: deliveryId, projectId } });
  const updated = await tx.delivery.update({
    where: { id: deliveryId, projectId },
    data: {
      status: "pending",
      nextAttemptAt: new Date(),
      trigger: "manual",
      url,
      completedAt: null,
      leaseToken: null,
      leaseUntil: null,
      revision: { increment: 1 },
      ...(status !== "pending" && { maxAttempts: attemptCount + 1 }),
    },
  });
  afterCommit(tx, () => {
    wakeWorkers();
    announceDeliveries(projectId, [deliveryId]);
  });
  return updated;
}
