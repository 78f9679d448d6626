import { z } from "zod";
import { pageOf, pageQuery, projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";

export const DELIVERY_STATUSES = ["pending", "delivering", "delivered", "failed", "cancelled"] as const;
export const deliveryStatusSchema = z.enum(DELIVERY_STATUSES);
export const triggerSchema = z.enum(["auto", "manual", "test", "replay"]);

export const deliverySchema = z
  .object({
    id: z.string(),
    event_id: z.string(),
    event_type: z.string(),
    webhook_id: z.string(),
    url: z.string(),
    status: deliveryStatusSchema,
    attempt_count: z.number().int(),
    max_attempts: z.number().int(),
    http_status: z.number().int().nullable(),
    error_code: z.string().nullable(),
    error_message: z.string().nullable(),
    latency_ms: z.number().int().nullable(),
    next_attempt_at: timestamp.nullable(),
    created_at: timestamp,
    completed_at: timestamp.nullable(),
    revision: z.number().int().meta({ description: "Rises with every change; the higher of two copies is the newer." }),
  })
  .meta({ id: "Delivery" });

export const attemptSchema = z
  .object({
    number: z.number().int(),
    trigger: triggerSchema,
    started_at: timestamp,
    http_status: z.number().int().nullable(),
    error_code: z.string().nullable(),
    error_message: z.string().nullable(),
    latency_ms: z.number().int(),
    timings: z.record(z.string(), z.number()).meta({
      description:
        "Milliseconds: queue_ms (it lay due), dns_ms, connect_ms, tls_ms (when a connection was opened), first_byte_ms, total_ms.",
    }),
    remote_address: z.string().nullable().meta({ description: "The address that was connected to." }),
    request: z.object({ headers: z.record(z.string(), z.string()), body: z.string() }),
    response: z
      .object({
        headers: z.record(z.string(), z.string()),
        body: z.string(),
        truncated: z.boolean().meta({ description: "Whether more than the first 64 KiB was sent." }),
        total_bytes: z
          .number()
          .int()
          .nullable()
          .meta({ description: "How long the body is: as announced, or as far as it was read. null: not known." }),
      })
      .nullable(),
  })
  .meta({ id: "Attempt" });

export const WAITING_REASONS = ["disabled", "paused", "probing", "lane"] as const;

export const waitingSchema = z
  .object({
    reason: z.enum(WAITING_REASONS).meta({
      description:
        "`disabled`: until the webhook is enabled. `paused`: its receiver asked for a pause. `probing`: it fails, and only one delivery at a time is tried. `lane`: an earlier delivery of the same strict order comes first.",
    }),
    until: timestamp.nullable().meta({ description: "When it ends, as far as that is known." }),
    head_delivery_id: z.string().nullable().meta({ description: "The delivery that is waited for; only of `lane`." }),
  })
  .meta({ id: "DeliveryWaiting" });

export const deliveryDetailSchema = deliverySchema
  .extend({
    attempts: z.array(attemptSchema),
    event: z.object({
      id: z.string(),
      type: z.string(),
      correlation_id: z.string(),
      source: z.string(),
      body: z.string(),
      occurred_at: timestamp,
      created_at: timestamp,
    }),
    waiting: waitingSchema.nullable().meta({
      description: "What keeps a pending delivery beyond its own schedule; null when nothing does.",
    }),
    webhook: z.object({ id: z.string(), description: z.string(), enabled: z.boolean(), deleted: z.boolean() }),
  })
  .meta({ id: "DeliveryDetail" });

const filters = z.object({
  event_type: z.string().max(200).optional(),
  status: z
    .string()
    .transform((value) => value.split(","))
    .pipe(z.array(deliveryStatusSchema))
    .optional()
    .meta({ description: "One status, or several separated by commas." }),
  from: timestamp.optional().meta({ description: "Created at or after." }),
  to: timestamp.optional().meta({ description: "Created before." }),
  replay_id: z.string().max(100).optional().meta({ description: "Sent last by this replay." }),
  q: z
    .string()
    .trim()
    .max(200)
    .optional()
    .meta({ description: "A delivery, event or correlation id, or the beginning of one." }),
});

export const deliveryQuery = pageQuery.extend({ webhook_id: z.string().max(100).optional(), ...filters.shape });

const tag = "Deliveries";
const webhookParams = projectParams.extend({ webhook_id: z.string() });

export const listDeliveries = defineOperation({
  id: "listDeliveries",
  method: "GET",
  path: "/projects/{project_id}/deliveries",
  summary: "The delivery log, newest first",
  tag,
  auth: "project",
  params: projectParams,
  query: deliveryQuery,
  status: 200,
  response: pageOf(deliverySchema),
  errors: ["invalid_cursor"],
});

export const getDelivery = defineOperation({
  id: "getDelivery",
  method: "GET",
  path: "/projects/{project_id}/deliveries/{delivery_id}",
  summary: "Read a delivery with its attempts",
  tag,
  auth: "project",
  params: projectParams.extend({ delivery_id: z.string() }),
  status: 200,
  response: deliveryDetailSchema,
});

export const retryDelivery = defineOperation({
  id: "retryDelivery",
  method: "POST",
  path: "/projects/{project_id}/deliveries/{delivery_id}/retry",
  summary: "Send a delivery again now",
  description:
    "A waiting delivery is sent at once instead of at its next time. One that ended gets a single further attempt. The answer says that it is queued, not that it arrived.",
  tag,
  auth: "project",
  params: projectParams.extend({ delivery_id: z.string() }),
  status: 202,
  response: deliverySchema,
  errors: ["delivery_in_progress", "conflict"],
});

export const listWebhookDeliveries = defineOperation({
  id: "listWebhookDeliveries",
  method: "GET",
  path: "/projects/{project_id}/webhooks/{webhook_id}/deliveries",
  summary: "The delivery log of one webhook",
  tag,
  auth: "project",
  params: webhookParams,
  query: pageQuery.extend(filters.shape),
  status: 200,
  response: pageOf(deliverySchema),
  errors: ["invalid_cursor"],
});

export const getWebhookDelivery = defineOperation({
  id: "getWebhookDelivery",
  method: "GET",
  path: "/projects/{project_id}/webhooks/{webhook_id}/deliveries/{delivery_id}",
  summary: "Read a delivery of one webhook with its attempts",
  tag,
  auth: "project",
  params: webhookParams.extend({ delivery_id: z.string() }),
  status: 200,
  response: deliveryDetailSchema,
});

export const retryWebhookDelivery = defineOperation({
  id: "retryWebhookDelivery",
  method: "POST",
  path: "/projects/{project_id}/webhooks/{webhook_id}/deliveries/{delivery_id}/retry",
  summary: "Send a delivery of one webhook again now",
  tag,
  auth: "project",
  params: webhookParams.extend({ delivery_id: z.string() }),
  status: 202,
  response: deliverySchema,
  errors: ["delivery_in_progress", "conflict"],
});

export const overviewSchema = z
  .object({
    window_hours: z.number().int(),
    events: z.number().int().meta({ description: "Events accepted in the window." }),
    filtered: z.number().int().meta({ description: "Events among them that no webhook wanted." }),
    accepted: z
      .number()
      .int()
      .meta({ description: "Deliveries that these events were given, as each event says. What follows is counted." }),
    delivered: z.number().int(),
    pending: z.number().int().meta({ description: "Waiting or under way." }),
    failed: z.number().int(),
    cancelled: z.number().int(),
    unaccounted: z
      .number()
      .int()
      .meta({ description: "accepted less delivered, pending, failed and cancelled; anything but 0 is a loss." }),
    oldest_due_at: timestamp.nullable().meta({ description: "The longest overdue delivery; null when none is." }),
  })
  .meta({ id: "DeliveryOverview" });

export const getOverview = defineOperation({
  id: "getDeliveryOverview",
  method: "GET",
  path: "/projects/{project_id}/overview",
  summary: "What became of everything in the last 24 hours, counted from the database",
  tag,
  auth: "project",
  params: projectParams,
  status: 200,
  response: overviewSchema,
});

export type Delivery = z.infer<typeof deliverySchema>;
export type DeliveryStatus = z.infer<typeof deliveryStatusSchema>;
export type DeliveryDetail = z.infer<typeof deliveryDetailSchema>;
export type Waiting = z.infer<typeof waitingSchema>;
export type DeliveryQuery = z.output<typeof deliveryQuery>;
export type Attempt = z.infer<typeof attemptSchema>;
export type DeliveryOverview = z.infer<typeof overviewSchema>;
