import { pool } from "@/lib/db/pool";
import { transaction } from "@/lib/db/transaction";
import { reportExhausted } from "@/lib/webhooks/exhausted";

/**
 * Mends what two changes at the same moment can leave behind, and nothing else does: deliveries that were stored while
 * their webhook was being deleted, and ones that were settled while their webhook was being enabled. Deliveries of dead
 * workers need none of this; their leases run out. Also reports given-up deliveries that a killed worker could not.
 * @returns how many of each were mended
 */
export async function recover(now: Date = new Date()): Promise<{ cancelled: number; resumed: number }> {
  const cancelled = await pool().query(
    `UPDATE delivery d SET status = 'cancelled', completed_at = now(), next_attempt_at = NULL, lease_token = NULL, lease_until = NULL, revision = d.revision + 1
       FROM webhook w WHERE w.id = d.webhook_id AND w.deleted_at IS NOT NULL
        AND d.status = 'pending' AND (d.lease_until IS NULL OR d.lease_until <= now())`,
  );
  const resumed = await pool().query(
    `UPDATE delivery d SET next_attempt_at = now(), revision = d.revision + 1
       FROM webhook w WHERE w.id = d.webhook_id AND w.enabled AND w.deleted_at IS NULL
        AND d.status = 'pending' AND d.next_attempt_at IS NULL`,
  );
  const { rows } = await pool().query<{ id: string }>(
    `SELECT w.id FROM webhook w WHERE w.deleted_at IS NULL AND w.workflow_id IS NULL AND EXISTS (
       SELECT 1 FROM delivery d WHERE d.webhook_id = w.id AND d.status = 'failed' AND d.completed_at > w.exhausted_reported_at)`,
  );
  for (const { id } of rows) await transaction((tx) => reportExhausted(tx, id, now));
  return { cancelled: cancelled.rowCount ?? 0, resumed: resumed.rowCount ?? 0 };
}
