import { z } from "zod";
import { signingSchema } from "@/lib/contracts/signing";
import { DISABLED_REASONS, filterSchema, retrySchema, WEBHOOK_STATUSES, type Webhook } from "@/lib/contracts/webhooks";
import { webhooksFile } from "@/lib/env";
import type { Webhook as WebhookRow } from "@/lib/generated/prisma/client";
import { maskSensitiveHeaders } from "@/lib/net/headers";
import { livePrevious } from "@/lib/webhooks/key-ring";
import { publicKeyOf } from "@/lib/webhooks/public-keys";
import { openHeaders } from "@/lib/webhooks/secrets";

const statusSchema = z.enum(WEBHOOK_STATUSES);
const reasonSchema = z.enum(DISABLED_REASONS);

/** A webhook as the API shows it: no secret, and header values that look like credentials masked. */
export function toWebhook(row: WebhookRow): Webhook {
  return {
    id: row.id,
    url: row.url,
    description: row.description,
    event_types: row.eventTypes,
    enabled: row.enabled,
    has_secret: row.secret !== null,
    signing: signingSchema.parse(row.signing),
    public_key: publicKeyOf(row),
    previous_secrets: livePrevious(row.previousSecrets, new Date()).map(({ secret: _secret, ...shown }) => shown),
    ordering: row.ordering === "strict" ? "strict" : "unordered",
    order_key: row.orderKey,
    retry: retrySchema.parse(row.retry),
    headers: maskSensitiveHeaders(openHeaders(row.id, row.headers)),
    filter: filterSchema.nullable().parse(row.filter),
    source: row.source === "file" ? "file" : "console",
    file:
      row.fileKey === null
        ? null
        : {
            key: row.fileKey,
            path: webhooksFile,
            secret_name: row.secretName ?? "",
            secret_source: row.secretSource === "environment" ? "environment" : "file",
          },
    max_in_flight: row.maxInFlight,
    rate_limit: row.rateLimit,
    status: row.enabled ? statusSchema.parse(row.health) : "disabled",
    condition: {
      since: (row.disabledAt ?? row.healthSince).toISOString(),
      failing_since: row.failingSince?.toISOString() ?? null,
      consecutive_failures: row.consecutiveFailures,
      last_failure: row.lastFailure,
      paused_until: row.pausedUntil?.toISOString() ?? null,
      disabled_reason: reasonSchema.nullable().parse(row.disabledReason),
    },
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
