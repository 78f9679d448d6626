import { type Attempt, type Delivery, deliveryStatusSchema, triggerSchema } from "@/lib/contracts/deliveries";
import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";
import type { Attempt as AttemptRow, Delivery as DeliveryRow } from "@/lib/generated/prisma/client";

/**
 * Deliveries as the API shows them: one look-up, which tells those whose webhook a request brought along. Those have no
 * place in the list of webhooks, from which screens take what they know of the others.
 */
export async function toDeliveries(
  rows: readonly DeliveryRow[],
  now: Date,
  client: Tx | typeof db = db,
): Promise<Delivery[]> {
  const ids = [...new Set(rows.map(({ webhookId }) => webhookId))];
  const found =
    ids.length === 0
      ? []
      : await client.webhook.findMany({ where: { id: { in: ids }, workflowId: { not: null } }, select: { id: true } });
  const ofRequests = new Set(found.map(({ id }) => id));
  return rows.map((row) => toDelivery(row, now, ofRequests.has(row.webhookId)));
}

/** "delivering" is not stored: it is a pending delivery whose lease runs at this moment. */
export function toDelivery(row: DeliveryRow, now: Date, ofRequest: boolean): Delivery {
  const underWay = row.status === "pending" && row.leaseUntil !== null && row.leaseUntil > now;
  const status = underWay ? "delivering" : deliveryStatusSchema.parse(row.status);
  return {
    id: row.id,
    event_id: row.eventId,
    event_type: row.eventType,
    webhook_id: row.webhookId,
    url: row.url,
    of_request: ofRequest,
    status,
    attempt_count: row.attemptCount,
    max_attempts: row.maxAttempts,
    http_status: row.httpStatus,
    error_code: row.errorCode,
    error_message: row.errorMessage,
    latency_ms: row.latencyMs,
    trigger: triggerSchema.parse(row.trigger),
    replay_id: row.replayId,
    next_attempt_at: status === "pending" ? (row.nextAttemptAt?.toISOString() ?? null) : null,
    created_at: row.createdAt.toISOString(),
    completed_at: row.completedAt?.toISOString() ?? null,
    revision: row.revision,
  };
}

export function toAttempt(row: AttemptRow, requestBody: string): Attempt {
  return {
    number: row.number,
    trigger: triggerSchema.parse(row.trigger),
    started_at: row.startedAt.toISOString(),
    http_status: row.httpStatus,
    error_code: row.errorCode,
    error_message: row.errorMessage,
    latency_ms: row.latencyMs,
    timings: numbers(row.timings),
    remote_address: row.remoteAddress,
    request: { headers: texts(row.requestHeaders), body: requestBody },
    response:
      row.httpStatus === null
        ? null
        : {
            headers: texts(row.responseHeaders),
            body: row.responseBody ? new TextDecoder().decode(row.responseBody) : "",
            truncated: row.responseTruncated,
            total_bytes: row.responseBytes,
          },
  };
}

function texts(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(value ?? {}).map(([name, text]) => [name, String(text)]));
}

function numbers(value: unknown): Record<string, number> {
  return Object.fromEntries(Object.entries(value ?? {}).map(([name, number]) => [name, Number(number)]));
}
