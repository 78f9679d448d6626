import type { Tx } from "@/lib/db/transaction";
import { emit } from "@/lib/webhooks/emit";

/** At most one delivery.exhausted per webhook in this time, however many deliveries are given up. */
const REPORT_EVERY_MS = 60_000;

/** Deliveries named in one event; the count is of all. */
const NAMED = 100;

type GivenUp = { id: string; error_message: string | null; count: number; last_at: Date };

/**
 * Emits delivery.exhausted for the deliveries of a webhook that were given up since the last such event. Which those
 * are is read from the database, so that none is forgotten when a worker dies. Tests and deliveries of operational
 * events do not count: they would report themselves. Webhooks that requests brought along are not reported either: the
 * workflow's page shows what became of their deliveries.
 * @returns whether nothing is left to report; false while the last event is too recent
 */
export async function reportExhausted(tx: Tx, webhookId: string, now: Date): Promise<boolean> {
  const [webhook] = await tx.$queryRaw<{ project_id: string; url: string; reported_at: Date }[]>`
    SELECT project_id, url, exhausted_reported_at AS reported_at FROM webhook
     WHERE id = ${webhookId} AND deleted_at IS NULL AND workflow_id IS NULL FOR NO KEY UPDATE`;
  if (!webhook) return true;
  const named = await tx.$queryRaw<GivenUp[]>`
    SELECT id, error_message, count(*) OVER ()::int AS count, max(completed_at) OVER () AS last_at
      FROM delivery
     WHERE webhook_id = ${webhookId} AND status = 'failed' AND completed_at > ${webhook.reported_at} AND trigger <> 'test'
       AND NOT (event_type LIKE 'endpoint.%' OR event_type LIKE 'delivery.%')
     ORDER BY completed_at LIMIT ${NAMED}`;
  const [first] = named;
  if (!first) return true;
  if (now.getTime() - webhook.reported_at.getTime() < REPORT_EVERY_MS) return false;
  await tx.$executeRaw`UPDATE webhook SET exhausted_reported_at = ${first.last_at} WHERE id = ${webhookId}`;
  await emit(tx, webhook.project_id, {
    type: "delivery.exhausted",
    data: {
      webhook_id: webhookId,
      url: webhook.url,
      count: first.count,
      delivery_ids: named.map((row) => row.id),
      last_failure: named.at(-1)?.error_message ?? null,
    },
    source: "engine",
  });
  return true;
}
