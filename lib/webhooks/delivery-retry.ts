import { type Actor, authorise } from "@/lib/accounts/actor";
import type { Delivery } from "@/lib/contracts/deliveries";
import {
  DELIVERY_LOG_LIMITS,
  type RetryDeliveriesBody,
  type RetryResult,
  type RetrySkip,
} from "@/lib/contracts/delivery-log";
import { afterCommit, type Tx, transaction } from "@/lib/db/transaction";
import { AppError, notFound } from "@/lib/errors";
import { announceDeliveries } from "@/lib/live/channel";
import { wakeWorkers } from "@/lib/queue/wake";
import { pageOfIds } from "@/lib/webhooks/delivery-queries";
import { toDeliveries } from "@/lib/webhooks/delivery-view";

/**
 * Makes a delivery due now. One that ended gets a single further attempt beyond its schedule; the history stays.
 * @throws AppError "not_found", "delivery_in_progress" while an attempt is under way, "conflict" when the webhook is
 *   disabled or deleted
 */
export async function retryDelivery(actor: Actor, deliveryId: string, webhookId?: string): Promise<Delivery> {
  authorise(actor, "deliveries:retry");
  return transaction(async (tx) => {
    const [skipped] = (await requeue(tx, { projectId: actor.projectId, ids: [deliveryId], webhookId })).skipped;
    if (skipped) throw refusal(skipped.reason);
    const row = await tx.delivery.findUniqueOrThrow({ where: { id: deliveryId } });
    const [delivery] = await toDeliveries([row], new Date(), tx);
    if (!delivery) throw notFound("delivery");
    return delivery;
  });
}

/**
 * The same for several, or for the next of those that a filter means; what cannot be sent is told with its reason.
 * @throws AppError "invalid_cursor"
 */
export async function retryDeliveries(actor: Actor, body: RetryDeliveriesBody, now: Date): Promise<RetryResult> {
  authorise(actor, "deliveries:retry");
  const { ids, next_cursor } = await chosen(actor.projectId, body, now);
  const result = await transaction((tx) => requeue(tx, { projectId: actor.projectId, ids }));
  return { queued: result.queued.length, skipped: result.skipped, next_cursor };
}

async function chosen(projectId: string, { delivery_ids, filter, cursor }: RetryDeliveriesBody, now: Date) {
  if (filter === undefined) return { ids: delivery_ids ?? [], next_cursor: null };
  return pageOfIds(projectId, { ...filter, cursor, limit: DELIVERY_LOG_LIMITS.per_retry }, now);
}

type Requeued = { queued: string[]; skipped: RetryResult["skipped"] };

async function requeue(
  tx: Tx,
  { projectId, ids, webhookId }: { projectId: string; ids: readonly string[]; webhookId?: string | undefined },
): Promise<Requeued> {
  // Always in the order of ids: two of these at the same time wait for each other instead of deadlocking. A worker that
  // claims a row at this moment waits for the lock or skips the row.
  const rows = await tx.$queryRaw<{ id: string; webhook_id: string; reason: RetrySkip | null }[]>`
    SELECT d.id, d.webhook_id,
           CASE WHEN w.deleted_at IS NOT NULL THEN 'webhook_deleted'
                WHEN d.status = 'pending' AND d.lease_until > now() THEN 'in_progress'
                WHEN NOT w.enabled THEN 'webhook_disabled' END AS reason
      FROM delivery d JOIN webhook w ON w.id = d.webhook_id
     WHERE d.id = ANY (${[...ids]}) AND d.project_id = ${projectId}
     ORDER BY d.id
       FOR UPDATE OF d`;
  const known = new Map(rows.map((row) => [row.id, row]));
  const queued: string[] = [];
  const skipped: Requeued["skipped"] = [];
  for (const id of ids) {
    const row = known.get(id);
    const reason =
      row === undefined || (webhookId !== undefined && row.webhook_id !== webhookId) ? "not_found" : row.reason;
    if (reason === null) queued.push(id);
    else skipped.push({ id, reason });
  }
  if (queued.length > 0) await makeDue(tx, projectId, queued);
  return { queued, skipped };
}

/**
 * Makes deliveries due now, those that ended for a single further attempt, and wakes the workers after the commit. The
 * caller holds the rows' locks and has seen that no attempt is under way and that their webhooks take deliveries.
 */
export async function makeDue(tx: Tx, projectId: string, ids: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE delivery d
       SET status = 'pending', next_attempt_at = now(), trigger = 'manual', url = w.url, completed_at = NULL,
           lease_token = NULL, lease_until = NULL, revision = d.revision + 1,
           max_attempts = CASE WHEN d.status = 'pending' THEN d.max_attempts ELSE d.attempt_count + 1 END
      FROM webhook w
     WHERE w.id = d.webhook_id AND d.id = ANY (${[...ids]}) AND d.project_id = ${projectId}`;
  afterCommit(tx, () => {
    wakeWorkers();
    announceDeliveries(projectId, ids);
  });
}

function refusal(reason: RetrySkip): AppError {
  switch (reason) {
    case "not_found":
      return notFound("delivery");
    case "in_progress":
      return new AppError("delivery_in_progress", "An attempt is under way; wait for its result.", { retryAfterS: 10 });
    case "webhook_deleted":
      return new AppError("conflict", "The webhook was deleted; nothing can be sent to it.");
    case "webhook_disabled":
      return new AppError("conflict", "The webhook is disabled; enable it first.");
  }
}
