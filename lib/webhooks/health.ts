import { type Actor, authorise } from "@/lib/accounts/actor";
import type { WebhookHealth } from "@/lib/contracts/webhooks";
import { db } from "@/lib/db/client";

const HOURS = 24;
const HOUR_MS = 3600 * 1000;

type HourRow = { webhook_id: string; hour: Date; delivered: bigint; failed: bigint };
type NowRow = { webhook_id: string; pending: bigint; at: Date | null; http_status: number | null; ok: boolean | null };

/** Success and failure per hour of the last 24 hours, what is waiting, and the last attempt of each webhook. */
export async function listWebhookHealth(actor: Actor, now: Date): Promise<WebhookHealth[]> {
  authorise(actor, "webhooks:read");
  const firstHour = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS - (HOURS - 1) * HOUR_MS);
  const [hours, current] = await Promise.all([
    db.$queryRaw<HourRow[]>`
      SELECT s.webhook_id, date_trunc('hour', s.minute, 'UTC') AS hour, sum(s.delivered) AS delivered, sum(s.failed) AS failed
        FROM webhook w JOIN webhook_stat s ON s.webhook_id = w.id AND s.minute >= ${firstHour}
       WHERE w.project_id = ${actor.projectId} AND w.deleted_at IS NULL
       GROUP BY 1, 2`,
    db.$queryRaw<NowRow[]>`
      SELECT w.id AS webhook_id,
             (SELECT count(*) FROM delivery p WHERE p.webhook_id = w.id AND p.status = 'pending') AS pending,
             last.at, last.http_status, last.ok
        FROM webhook w
        LEFT JOIN LATERAL (
          SELECT a.started_at AS at, a.http_status, coalesce(a.http_status BETWEEN 200 AND 299, false) AS ok
            FROM (SELECT d.id, d.created_at FROM delivery d WHERE d.webhook_id = w.id AND d.attempt_count > 0 ORDER BY d.id DESC LIMIT 20) recent
            JOIN attempt a ON a.delivery_id = recent.id AND a.started_at >= recent.created_at - interval '1 hour'
           ORDER BY a.started_at DESC LIMIT 1
        ) last ON true
       WHERE w.project_id = ${actor.projectId} AND w.deleted_at IS NULL`,
  ]);
  const byWebhook = Map.groupBy(hours, (row) => row.webhook_id);
  return current.map((row) => {
    const counted = byWebhook.get(row.webhook_id) ?? [];
    const buckets = Array.from({ length: HOURS }, (_, index) => {
      const start = new Date(firstHour.getTime() + index * HOUR_MS);
      const found = counted.find((candidate) => candidate.hour.getTime() === start.getTime());
      return {
        start: start.toISOString(),
        delivered: Number(found?.delivered ?? 0),
        failed: Number(found?.failed ?? 0),
      };
    });
    return {
      webhook_id: row.webhook_id,
      delivered: buckets.reduce((sum, bucket) => sum + bucket.delivered, 0),
      failed: buckets.reduce((sum, bucket) => sum + bucket.failed, 0),
      pending: Number(row.pending),
      last_attempt: row.at && { at: row.at.toISOString(), http_status: row.http_status, ok: row.ok ?? false },
      hours: buckets,
    };
  });
}
