import { z } from "zod";
import { pageOf, pageQuery, projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";

export const DELIVERY_STATUSES = ["pending", "delivering", "delivered", "failed", "cancelled"] as const;
export const deliveryStatusSchema = z.enum(DELIVERY_STATUSES);
export const triggerSchema = z.enum(["auto", "manual", "test", "replay"]);

/** The error code of deliveries that could not be sent because of trouble on our own side. */
export const OUR_SIDE = "our_side";

/** Error codes by which a delivery waits without using up attempts. */
export const OWN_FAULTS: readonly string[] = [OUR_SIDE, "secret_unreadable"];

export const deliverySchema = z
  .object({
    id: z.string(),
    event_id: z.string(),
    event_type: z.string(),
    webhook_id: z.string(),
    url: z.string(),
    of_request: z
      .boolean()
      .meta({ description: "Its webhook was brought along by a request, for the events of its workflow." }),
    status: deliveryStatusSchema,
    attempt_count: z.number().int(),
    max_attempts: z.number().int(),
    http_status: z.number().int().nullable(),
    error_code: z.string().nullable().meta({
      description:
        "Why the last attempt failed. `our_side` and `secret_unreadable`: it could not be sent, which uses up no attempt.",
    }),
    error_message: z.string().nullable(),
    latency_ms: z.number().int().nullable(),
    trigger: triggerSchema.meta({ description: "What caused its last attempt, or the one that comes next." }),
    replay_id: z.string().nullable().meta({ description: "The replay that sent it last." }),
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
        "Milliseconds: queue_ms (it lay due; 0 where a worker was given it as it was stored), dns_ms, connect_ms, tls_ms (when a connection was opened), first_byte_ms, total_ms.",
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

export const WAITING_REASONS = [
  "disabled",
  "paused",
  "probing",
  "lane",
  "max_in_flight",
  "rate_limit",
  "back_off",
] as const;

export const waitingSchema = z
  .object({
    reason: z.enum(WAITING_REASONS).meta({
      description:
        "`disabled`: until the webhook is enabled. `paused`: its receiver asked for a pause. `probing`: it fails, and only one delivery at a time is tried. `lane`: an earlier delivery of the same strict order comes first. `max_in_flight`, `rate_limit`: it is due, and the webhook's own limit is used up. `back_off`: it is due, and the webhook has as many requests under way as it takes for now.",
    }),
    until: timestamp.nullable().meta({ description: "When it ends, as far as that is known." }),
    head_delivery_id: z.string().nullable().meta({ description: "The delivery that is waited for; only of `lane`." }),
    detail: z.string().nullable().meta({ description: "Of a limit: how it is used up, in a sentence." }),
  })
  .meta({ id: "DeliveryWaiting" });

export const webhookSourceSchema = z.enum(["console", "file", "request"]).meta({
  description: "request: a call brought it along; it gets the events of that call's workflow.",
});

export const deliveryDetailSchema = deliverySchema
  .extend({
    attempts: z.array(attemptSchema),
    event: z.object({
      id: z.string(),
      type: z.string(),
      correlation_id: z.string(),
      sequence: z.number().int().nullable().meta({ description: "Its number within the workflow." }),
      source: z.string(),
      body: z.string(),
      occurred_at: timestamp,
      created_at: timestamp,
    }),
    waiting: waitingSchema.nullable().meta({
      description: "What keeps a pending delivery beyond its own schedule; null when nothing does.",
    }),
    webhook: z.object({
      id: z.string(),
      description: z.string(),
      enabled: z.boolean(),
      deleted: z.boolean(),
      source: webhookSourceSchema,
    }),
  })
  .meta({ id: "DeliveryDetail" });

/** How many values one clause of the log's filter may name. */
export const DELIVERY_FILTER_LIMITS = { webhooks: 50, event_types: 50, error_codes: 20 } as const;

export const HTTP_CLASSES = ["2xx", "3xx", "4xx", "5xx", "none"] as const;
export const httpClassSchema = z.enum(HTTP_CLASSES);

/** `a,b` in a query; more than `max` values are refused. */
function listOfValues<S extends z.ZodType<unknown, string>>(item: S, max: number) {
  return z
    .string()
    .transform((value) => value.split(","))
    .pipe(z.array(item).min(1).max(max));
}

const several = (what: string) => ({ description: `${what}; several are separated by commas.` });

const filters = z.object({
  event_type: listOfValues(z.string().min(1).max(200), DELIVERY_FILTER_LIMITS.event_types)
    .optional()
    .meta(several("The event's type")),
  status: listOfValues(deliveryStatusSchema, DELIVERY_STATUSES.length).optional().meta(several("The status")),
  http: listOfValues(httpClassSchema, HTTP_CLASSES.length)
    .optional()
    .meta(several("The class of the last attempt's HTTP code, or `none` where there was no answer")),
  error_code: listOfValues(z.string().min(1).max(60), DELIVERY_FILTER_LIMITS.error_codes)
    .optional()
    .meta(several("Why the last attempt failed, such as `timeout`")),
  min_attempts: z.coerce
    .number()
    .int()
    .min(0)
    .max(1000)
    .optional()
    .meta({ description: "At least so many attempts; 2 finds what needed more than one." }),
  trigger: listOfValues(triggerSchema, triggerSchema.options.length)
    .optional()
    .meta(several("What caused its last attempt, or the one that comes next")),
  replay_id: z.string().max(100).optional().meta({ description: "Sent last by this replay." }),
  from: timestamp.optional().meta({ description: "Created at or after." }),
  to: timestamp.optional().meta({ description: "Created before." }),
  q: z
    .string()
    .trim()
    .max(200)
    .optional()
    .meta({ description: "A delivery, event or webhook id, or the beginning of one; or a whole correlation id." }),
});

/** What narrows the delivery log, in the same names in the API, in the console's address and in saved views. */
export const deliveryFilter = z.object({
  webhook_id: listOfValues(z.string().min(1).max(100), DELIVERY_FILTER_LIMITS.webhooks)
    .optional()
    .meta(several("The webhook")),
  ...filters.shape,
});

export const deliveryQuery = pageQuery.extend(deliveryFilter.shape);

const tag = "Deliveries";
const webhookParams = projectParams.extend({ webhook_id: z.string() });

export const listDeliveries = defineOperation({
  id: "listDeliveries",
  method: "GET",
  path: "/projects/{project_id}/deliveries",
  summary: "The delivery log, newest first",
  description:
    "A page may hold fewer rows than asked for, even none, while `next_cursor` is there: a request reads a bounded part of the log, and a rare match may lie further back.",
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
    lost: z
      .number()
      .int()
      .meta({ description: "Deliveries that events were given and that are not there, counted event by event." }),
    surplus: z
      .number()
      .int()
      .meta({ description: "Deliveries that are there and that their event was not given, counted event by event." }),
    unaccounted: z.number().int().meta({ description: "lost and surplus together; anything but 0 is a defect." }),
    rejudged_events: z.number().int().meta({
      description: "The newest events among these, of which it was asked anew which webhooks asked for them.",
    }),
    missing: z.number().int().meta({
      description:
        "Deliveries of those that should be there and are not, at webhooks whose subscription has not changed since; anything but 0 is a defect.",
    }),
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
/** The clauses as a service gets them. */
export type DeliveryClauses = z.output<typeof deliveryFilter>;
export type HttpClass = z.infer<typeof httpClassSchema>;
export type Trigger = z.infer<typeof triggerSchema>;
export type Attempt = z.infer<typeof attemptSchema>;
export type DeliveryOverview = z.infer<typeof overviewSchema>;
