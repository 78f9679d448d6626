import { z } from "zod";
import { isStorable, listOf, projectParams, timestamp } from "@/lib/contracts/common";
import { isKnownPattern } from "@/lib/contracts/event-types";
import { acceptedEventSchema } from "@/lib/contracts/events";
import { defineOperation } from "@/lib/contracts/operation";
import { PAYLOAD_FILTER_LIMITS, payloadFilterSchema } from "@/lib/contracts/payload-filter";
import { previousSecretSchema, secretSchema, signingSchema } from "@/lib/contracts/signing";

export const WEBHOOK_LIMITS = {
  urlLength: 2048,
  descriptionLength: 500,
  eventTypes: 100,
  headers: 20,
  headerValueLength: 4096,
  retries: 20,
  /** Seconds: 30 days. */
  longestDelay: 30 * 24 * 3600,
  perProject: 1000,
  /** Requests at once and requests per second that can be asked for. */
  maxInFlight: 128,
  rateLimit: 1000,
  payloadFilter: PAYLOAD_FILTER_LIMITS,
} as const;

/** Delays after the first attempt, in seconds. A preset's name is what people choose and what is stored. */
export const RETRY_PRESETS = {
  quick: { delays_s: [2, 4, 8], jitter: 0, description: "3 retries after 2, 4 and 8 seconds" },
  standard: {
    delays_s: [5, 60, 300, 1800, 7200, 18_000, 36_000, 86_400, 86_400],
    jitter: 0.2,
    description: "9 retries over about 3 days: 5 s, 1 min, 5 min, 30 min, 2 h, 5 h, 10 h, 24 h, 24 h, each ±20 %",
  },
} as const satisfies Record<string, { delays_s: readonly number[]; jitter: number; description: string }>;

export const retrySchema = z
  .union([
    z.strictObject({ preset: z.enum(["quick", "standard"]) }),
    z.strictObject({
      delays_s: z
        .array(z.number().int().min(1).max(WEBHOOK_LIMITS.longestDelay))
        .max(WEBHOOK_LIMITS.retries)
        .meta({ description: "Seconds to wait before each retry. Empty: a single attempt." }),
    }),
  ])
  .meta({ id: "WebhookRetry" });

const storable = z.string().refine(isStorable, "A character here cannot be stored (NUL, or half of a pair)");
const filterNames = z.array(storable.min(1).max(100)).min(1).max(50);

export const filterSchema = z
  .strictObject({
    applications: filterNames.optional(),
    environments: filterNames.optional(),
    labels: z
      .record(storable.min(1).max(100), storable.max(200))
      .optional()
      .meta({ description: "Every label named here must be on the event with this value." }),
    payload: payloadFilterSchema.optional(),
  })
  .meta({ id: "WebhookFilter", description: "All clauses given must hold; an absent clause always holds." });

export const eventTypesSchema = z
  .array(
    z.string().refine(isKnownPattern, {
      error: (issue) =>
        `Unknown event type "${String(issue.input)}". Use a type of the catalogue, a group such as "instance.*", or "*".`,
    }),
  )
  .min(1, 'Choose at least one event type, or "*" for all')
  .max(WEBHOOK_LIMITS.eventTypes)
  .transform((types) => [...new Set(types)])
  .meta({ description: "Event types, groups (`instance.*`) or `*`." });

/** The URL's safety is checked by the server, which alone knows the rules of this installation. */
const url = z.string().min(1, "Enter the URL that receives the events").max(WEBHOOK_LIMITS.urlLength);
const description = z.string().max(WEBHOOK_LIMITS.descriptionLength);
const ordering = z.enum(["unordered", "strict"]);
const orderKey = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*$/, 'A path into the event such as "data.instance_id"')
  .meta({ description: "Path into the event body; events with the same value there keep their order." });
const headers = z.record(z.string(), z.string().max(WEBHOOK_LIMITS.headerValueLength));
const maxInFlight = z
  .int("Give a whole number of requests")
  .min(1, "At least 1 request at once; no value means as many as the installation sets")
  .max(WEBHOOK_LIMITS.maxInFlight, `At most ${WEBHOOK_LIMITS.maxInFlight} requests at once`)
  .meta({ description: "Requests under way at once, over all workers. null: as the installation sets." });
const rateLimit = z
  .int("Give a whole number of requests")
  .min(1, "At least 1 request a second; no value means no limit")
  .max(WEBHOOK_LIMITS.rateLimit, `At most ${WEBHOOK_LIMITS.rateLimit} requests a second`)
  .meta({ description: "Requests per second, over all workers. null: no limit." });

export const WEBHOOK_STATUSES = ["healthy", "warning", "probing", "disabled"] as const;
export const DISABLED_REASONS = ["manual", "gone", "failing"] as const;

export const webhookConditionSchema = z
  .object({
    since: timestamp.meta({ description: "When the status became what it is." }),
    failing_since: timestamp.nullable().meta({ description: "The first failed attempt since the last success." }),
    consecutive_failures: z.number().int(),
    last_failure: z.string().nullable(),
    paused_until: timestamp
      .nullable()
      .meta({ description: "Nothing is sent before: the receiver asked for it, or the next probe is not due." }),
    disabled_reason: z
      .enum(DISABLED_REASONS)
      .nullable()
      .meta({ description: "manual: by a person. gone: it answered 410. failing: it failed for days." }),
  })
  .meta({ id: "WebhookCondition" });

/** Where a webhook of the configuration file is declared, and how its secret is called there. */
export const webhookFileSchema = z
  .object({
    key: z.string().meta({ description: "Its id in the file." }),
    path: z.string(),
    secret_name: z.string(),
    secret_source: z.enum(["file", "environment"]).meta({
      description: "Where the secret was found: in the folder of mounted secrets, or in the environment.",
    }),
  })
  .meta({ id: "WebhookFile" });

export const webhookSchema = z
  .object({
    id: z.string(),
    url: z.string(),
    description: z.string(),
    event_types: z.array(z.string()),
    enabled: z.boolean(),
    has_secret: z.boolean(),
    signing: signingSchema,
    public_key: z
      .string()
      .nullable()
      .meta({ description: "`whpk_` and the base64 of the Ed25519 public key; null for hmac." }),
    previous_secrets: z.array(previousSecretSchema).meta({ description: "Replaced secrets that still sign." }),
    ordering,
    order_key: z.string().nullable(),
    retry: retrySchema,
    headers: headers.meta({
      description: "Values that look like credentials are masked; sending the mask keeps them.",
    }),
    filter: filterSchema.nullable(),
    source: z.enum(["console", "file"]),
    file: webhookFileSchema.nullable().meta({ description: "Only for source `file`." }),
    max_in_flight: maxInFlight.nullable(),
    rate_limit: rateLimit.nullable(),
    status: z.enum(WEBHOOK_STATUSES).meta({
      description:
        "healthy; warning: it fails; probing: it failed for long and gets one request at a time; disabled: gets nothing.",
    }),
    condition: webhookConditionSchema,
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: "Webhook" });

export const webhookWithSecretSchema = webhookSchema
  .extend({ secret: z.string().nullable().meta({ description: "Shown only in this answer." }) })
  .meta({ id: "WebhookWithSecret" });

/** Numbers of the last 24 hours for the list; counted by the workers. */
export const webhookHealthSchema = z
  .object({
    webhook_id: z.string(),
    delivered: z.number().int(),
    failed: z.number().int(),
    success_rate: z
      .number()
      .nullable()
      .meta({ description: "The share of attempts that succeeded, 0 to 1; null without attempts." }),
    p95_ms: z.number().nullable().meta({ description: "95 % of attempts took no longer; null without attempts." }),
    pending: z.number().int(),
    last_attempt: z.object({ at: timestamp, http_status: z.number().int().nullable(), ok: z.boolean() }).nullable(),
    hours: z
      .array(
        z.object({
          start: timestamp,
          delivered: z.number().int(),
          failed: z.number().int(),
          attempts_ok: z.number().int(),
          attempts_failed: z.number().int(),
        }),
      )
      .meta({ description: "24 whole hours, oldest first." }),
  })
  .meta({ id: "WebhookHealth" });

export const createWebhookBody = z.strictObject({
  url,
  event_types: eventTypesSchema,
  description: description.default(""),
  secret: secretSchema.nullable().optional().meta({
    description:
      "Absent: generated. null: deliveries are unsigned. A string: yours, 16 to 256 characters; for ed25519 `whsk_` and the base64 of seed and public key.",
  }),
  signing: signingSchema.default("hmac"),
  enabled: z.boolean().default(true),
  ordering: ordering.default("unordered"),
  order_key: orderKey.nullable().default(null),
  retry: retrySchema.default({ preset: "quick" }),
  headers: headers.default({}),
  filter: filterSchema.nullable().default(null),
  max_in_flight: maxInFlight.nullable().default(null),
  rate_limit: rateLimit.nullable().default(null),
});

export const updateWebhookBody = z.strictObject({
  url: url.optional(),
  event_types: eventTypesSchema.optional(),
  description: description.optional(),
  enabled: z.boolean().optional(),
  ordering: ordering.optional(),
  order_key: orderKey.nullable().optional(),
  retry: retrySchema.optional(),
  headers: headers.optional(),
  filter: filterSchema.nullable().optional(),
  max_in_flight: maxInFlight.nullable().optional(),
  rate_limit: rateLimit.nullable().optional(),
});

const params = projectParams.extend({ webhook_id: z.string() });
const tag = "Webhooks";

export const listWebhooks = defineOperation({
  id: "listWebhooks",
  method: "GET",
  path: "/projects/{project_id}/webhooks",
  summary: "List webhooks",
  tag,
  auth: "project",
  params: projectParams,
  status: 200,
  response: listOf(webhookSchema),
});

export const listWebhookHealth = defineOperation({
  id: "listWebhookHealth",
  method: "GET",
  path: "/projects/{project_id}/webhooks/health",
  summary: "Success and last attempt of every webhook in the last 24 hours",
  tag,
  auth: "project",
  params: projectParams,
  status: 200,
  response: listOf(webhookHealthSchema),
});

export const createWebhook = defineOperation({
  id: "createWebhook",
  method: "POST",
  path: "/projects/{project_id}/webhooks",
  summary: "Create a webhook",
  tag,
  auth: "project",
  params: projectParams,
  body: createWebhookBody,
  status: 201,
  response: webhookWithSecretSchema,
  idempotent: true,
  errors: ["conflict"],
});

export const getWebhook = defineOperation({
  id: "getWebhook",
  method: "GET",
  path: "/projects/{project_id}/webhooks/{webhook_id}",
  summary: "Read a webhook",
  tag,
  auth: "project",
  params,
  status: 200,
  response: webhookSchema,
});

export const updateWebhook = defineOperation({
  id: "updateWebhook",
  method: "PATCH",
  path: "/projects/{project_id}/webhooks/{webhook_id}",
  summary: "Change a webhook",
  description:
    "Fields left out stay as they are. While a webhook is disabled, its pending deliveries wait and new events pass it by.",
  tag,
  auth: "project",
  params,
  body: updateWebhookBody,
  status: 200,
  response: webhookSchema,
});

export const deleteWebhook = defineOperation({
  id: "deleteWebhook",
  method: "DELETE",
  path: "/projects/{project_id}/webhooks/{webhook_id}",
  summary: "Delete a webhook",
  description: "Its pending deliveries are cancelled; the log keeps what was sent.",
  tag,
  auth: "project",
  params,
  status: 204,
});

export const testWebhookBody = z.strictObject({
  signature: z.enum(["valid", "tampered"]).default("valid").meta({
    description:
      "tampered: signed with a key that nobody has and sent once, to see that the receiver refuses it with 4xx.",
  }),
});

export const testWebhook = defineOperation({
  id: "testWebhook",
  method: "POST",
  path: "/projects/{project_id}/webhooks/{webhook_id}/test",
  summary: "Send a `webhook.test` event to this webhook",
  description: "A real event, signed and logged like any other, sent even while the webhook is disabled.",
  tag,
  auth: "project",
  params,
  body: testWebhookBody,
  status: 202,
  response: acceptedEventSchema,
  idempotent: true,
  errors: ["conflict"],
});

export type Webhook = z.infer<typeof webhookSchema>;
export type WebhookWithSecret = z.infer<typeof webhookWithSecretSchema>;
export type WebhookStatus = Webhook["status"];
export type WebhookHealth = z.infer<typeof webhookHealthSchema>;
export type WebhookRetry = z.infer<typeof retrySchema>;
export type WebhookFilter = z.infer<typeof filterSchema>;
