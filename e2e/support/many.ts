import { firstIdAt } from "@/lib/ids";
import { inDatabase } from "./database";

const CHUNK = 10_000;
/** Milliseconds from one delivery to the one before. */
const APART_MS = 500;

/**
 * Writes as many deliveries of a webhook into the database of the product under test, with a time each, the last one
 * just now. Every twentieth failed with a 500, every fiftieth of the others took two attempts.
 */
export async function insertDeliveries(projectId: string, webhookId: string, count: number): Promise<void> {
  await inDatabase(async (client) => {
    const newest = Date.now() - 1000;
    for (let start = 0; start < count; start += CHUNK) {
      const times = Array.from(
        { length: Math.min(CHUNK, count - start) },
        (_, index) => new Date(newest - (start + index) * APART_MS),
      );
      await client.query(INSERT, [
        projectId,
        webhookId,
        times.map((at) => firstIdAt("event", at)),
        times.map((at) => firstIdAt("delivery", at)),
        times,
      ]);
    }
    await client.query("ANALYZE delivery, event");
  });
}

const INSERT = `
  WITH rows AS (
    SELECT event, delivery, at, n % 20 = 0 AS failed, n % 50 = 1 AS slow
      FROM unnest($3::text[], $4::text[], $5::timestamptz[]) WITH ORDINALITY AS u (event, delivery, at, n)
  ), events AS (
    INSERT INTO event (id, project_id, type, body, correlation_id, source, occurred_at, created_at)
    SELECT event, $1, 'instance.started', '{}', event, 'api', at, at FROM rows RETURNING id
  )
  INSERT INTO delivery (id, project_id, event_id, webhook_id, event_type, url, status, attempt_count, max_attempts,
                        next_attempt_at, http_status, error_code, latency_ms, created_at, completed_at)
  SELECT delivery, $1, event, $2, 'instance.started', 'https://example.com/hook',
         CASE WHEN failed THEN 'failed' ELSE 'delivered' END, CASE WHEN failed THEN 4 WHEN slow THEN 2 ELSE 1 END, 4,
         NULL, CASE WHEN failed THEN 500 ELSE 200 END, CASE WHEN failed THEN 'http_status' END, 42, at, at
    FROM rows WHERE event IN (SELECT id FROM events)`;
