import { filterSchema, retrySchema, type Webhook } from "@/lib/contracts/webhooks";
import type { Webhook as WebhookRow } from "@/lib/generated/prisma/client";
import { maskSensitiveHeaders } from "@/lib/net/headers";
import { openHeaders } from "@/lib/webhooks/secrets";

/** A webhook as the API shows it: no secret, and header values that look like credentials masked. */
export function toWebhook(row: WebhookRow): Webhook {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    event_types: row.eventTypes,
    enabled: row.enabled,
    has_secret: row.secret !== null,
    ordering: row.ordering === "strict" ? "strict" : "unordered",
    order_key: row.orderKey,
    retry: retrySchema.parse(row.retry),
    headers: maskSensitiveHeaders(openHeaders(row.id, row.headers)),
    filter: filterSchema.nullable().parse(row.filter),
    source: row.source === "file" ? "file" : "console",
    status: row.enabled ? "active" : "disabled",
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
