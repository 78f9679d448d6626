import { type Actor, authorise } from "@/lib/accounts/actor";
import type { WebhookHealth } from "@/lib/contracts/webhooks";
import { db } from "@/lib/db/client";
import { Prisma } from "@/lib/generated/prisma/client";
import { addSums, NO_SUMS, SUM_COLUMNS, type Sums, toTraffic } from "@/lib/statistics/traffic";

const HOURS = 24;
const HOUR_MS = 3600 * 1000;

type HourRow = Sums & { webhook_id: string; hour: Date };
type NowRow = { webhook_id: string; pending: bigint; at: Date | null; http_status: number | null; ok: boolean | null };

/** Success, speed and volume of the last 24 hours, what is waiting, and the last attempt of each webhook. */
export async function listWebhookHealth(actor: Actor, now: Date): Promise<WebhookHealth[]> {
  authorise(actor, "webhooks:read");
  const firstHour = new Date(Math.floor(now.getTime() / HOUR_MS) * HOUR_MS - (HOURS - 1) * HOUR_MS);
  const [hours, current] = await Promise.all([
    db.$queryRaw<HourRow[]>`
      SELECT s.webhook_id, date_bin('1 hour', s.minute, 'epoch') AS hour, ${Prisma.raw(SUM_COLUMNS)}
        FROM webhook w JOIN webhook_stat s ON s.webhook_id = w.id AND s.minute >= ${firstHour}
       WHERE w.project_id = ${actor.projectId} AND w.deleted_at IS NULL AND w.workflow_id IS NULL
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
       WHERE w.project_id = ${actor.projectId} AND w.deleted_at IS NULL AND w.workflow_id IS NULL`,
  ]);
  const byWebhook = Map.groupBy(hours, (row) => row.webhook_id);
  return current.map((row) => {
    const counted = byWebhook.get(row.webhook_id) ?? [];
    const { delivered, failed, success_rate, latency_ms } = toTraffic(counted.reduce<Sums>(addSums, NO_SUMS));
    return {
      webhook_id: row.webhook_id,
      delivered,
      failed,
      success_rate,
      p95_ms: latency_ms?.p95 ?? null,
      pending: Number(row.pending),
      last_attempt: row.at && { at: row.at.toISOString(), http_status: row.http_status, ok: row.ok ?? false },
      hours: Array.from({ length: HOURS }, (_, index) => {
        const start = new Date(firstHour.getTime() + index * HOUR_MS);
        const found = counted.find((candidate) => candidate.hour.getTime() === start.getTime()) ?? NO_SUMS;
        return {
          start: start.toISOString(),
          delivered: found.delivered,
          failed: found.failed,
          attempts_ok: found.attempts_ok,
          attempts_failed: found.attempts_failed,
        };
      }),
    };
  });
}
