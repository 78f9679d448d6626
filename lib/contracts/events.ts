import { z } from "zod";
import { jsonObject, pageOf, pageQuery, projectParams, timestamp } from "@/lib/contracts/common";
import { isEmittableType } from "@/lib/contracts/event-types";
import { defineOperation } from "@/lib/contracts/operation";
import { requestWebhookSchema } from "@/lib/contracts/request-webhook";

export const EVENT_LIMITS = {
  /** Bytes of `data` as JSON. */
  dataBytes: 256 * 1024,
  labels: 20,
  correlationIdLength: 200,
} as const;

export const EVENT_SOURCES = ["api", "console", "test", "forged_test", "platform", "engine"] as const;
export type EventSource = (typeof EVENT_SOURCES)[number];

export const EVENT_OUTCOMES = ["sent", "filtered"] as const;

const name = z.string().min(1).max(100);

export const emitEventBody = z.strictObject({
  type: z.string().refine(isEmittableType, {
    error: (issue) =>
      `Unknown event type "${String(issue.input)}". Use a type of the catalogue, or one of your own that begins with "custom.".`,
  }),
  data: jsonObject,
  occurred_at: timestamp.optional().meta({ description: "When it happened. Now, unless given." }),
  labels: z
    .record(name, z.string().max(200))
    .refine((labels) => Object.keys(labels).length <= EVENT_LIMITS.labels, `At most ${EVENT_LIMITS.labels} labels`)
    .default({}),
  application: name.optional(),
  environment: name.optional(),
  correlation_id: z
    .string()
    .min(1)
    .max(EVENT_LIMITS.correlationIdLength)
    .optional()
    .meta({ description: "Groups the events of one workflow. Generated unless given." }),
  webhook: requestWebhookSchema.optional(),
});

export const acceptedEventSchema = z
  .object({
    id: z.string(),
    type: z.string(),
    correlation_id: z.string(),
    deliveries: z.array(z.object({ id: z.string(), webhook_id: z.string() })),
  })
  .meta({ id: "AcceptedEvent" });

export const sequenceSchema = z
  .number()
  .int()
  .nullable()
  .meta({ description: "Its number within the workflow; null where it belongs to none." });

export const eventSchema = z
  .object({
    id: z.string(),
    type: z.string(),
    source: z
      .enum(EVENT_SOURCES)
      .meta({ description: "forged_test: a test whose signature is wrong on purpose; it must be refused." }),
    labels: z.record(z.string(), z.string()),
    application: z.string().nullable(),
    environment: z.string().nullable(),
    correlation_id: z.string(),
    sequence: sequenceSchema,
    body: z.string().meta({ description: "The JSON text that is signed and sent." }),
    occurred_at: timestamp,
    created_at: timestamp,
  })
  .meta({ id: "Event" });

export const deliveryCountsSchema = z
  .object({
    pending: z.number().int().meta({ description: "Waiting or under way." }),
    delivered: z.number().int(),
    failed: z.number().int(),
    cancelled: z.number().int(),
    revision: z.number().int().meta({ description: "Rises with every change of a delivery; the higher is the newer." }),
  })
  .meta({
    id: "DeliveryCounts",
    description: "An event's deliveries by what became of them. All 0: nobody wanted it.",
  });

export const listedEventSchema = eventSchema
  .extend({ delivery_counts: deliveryCountsSchema })
  .meta({ id: "ListedEvent" });

/** What the live stream tells about an event that is new or whose deliveries went on. */
export const eventNewsSchema = z.object({
  id: z.string(),
  type: z.string(),
  correlation_id: z.string(),
  /** Given no delivery at its emission or since. */
  filtered: z.boolean(),
  delivery_counts: deliveryCountsSchema,
});

export const eventDetailSchema = eventSchema
  .extend({
    deliveries: z.array(z.object({ id: z.string(), webhook_id: z.string(), url: z.string(), status: z.string() })),
  })
  .meta({ id: "EventDetail" });

export const eventTypeSchema = z
  .object({
    type: z.string(),
    group: z.string(),
    description: z.string(),
    example: jsonObject,
    json_schema: jsonObject.meta({ description: "JSON Schema of `data`." }),
  })
  .meta({ id: "EventType" });

const tag = "Events";

export const emitEvent = defineOperation({
  id: "emitEvent",
  method: "POST",
  path: "/projects/{project_id}/events",
  summary: "Emit an event",
  description:
    "Stores the event and one delivery per matching webhook in one transaction, then answers. The deliveries follow by themselves.",
  tag,
  auth: "project",
  params: projectParams,
  body: emitEventBody,
  // Room for the envelope around `data`, whose own limit is checked by the service.
  bodyLimit: EVENT_LIMITS.dataBytes + 64 * 1024,
  audit: false,
  status: 202,
  response: acceptedEventSchema,
  idempotent: true,
});

export const listEvents = defineOperation({
  id: "listEvents",
  method: "GET",
  path: "/projects/{project_id}/events",
  summary: "List events, newest first",
  tag,
  auth: "project",
  params: projectParams,
  query: pageQuery.extend({
    type: z.string().max(200).optional(),
    correlation_id: z.string().max(EVENT_LIMITS.correlationIdLength).optional().meta({ description: "The whole id." }),
    outcome: z
      .enum(EVENT_OUTCOMES)
      .optional()
      .meta({ description: "sent: it has deliveries. filtered: no webhook wanted it." }),
  }),
  status: 200,
  response: pageOf(listedEventSchema),
  errors: ["invalid_cursor"],
});

export const getEvent = defineOperation({
  id: "getEvent",
  method: "GET",
  path: "/projects/{project_id}/events/{event_id}",
  summary: "Read an event with its deliveries",
  tag,
  auth: "project",
  params: projectParams.extend({ event_id: z.string() }),
  status: 200,
  response: eventDetailSchema,
});

export const listEventTypes = defineOperation({
  id: "listEventTypes",
  method: "GET",
  path: "/event-types",
  summary: "The catalogue of event types",
  tag,
  auth: "public",
  status: 200,
  response: z.object({ data: z.array(eventTypeSchema), next_cursor: z.null() }),
});

export type AcceptedEvent = z.infer<typeof acceptedEventSchema>;
export type EmitEventBody = z.output<typeof emitEventBody>;
export type EventDetail = z.infer<typeof eventDetailSchema>;
export type ListedEvent = z.infer<typeof listedEventSchema>;
export type EventNews = z.infer<typeof eventNewsSchema>;
export type EventOutcome = (typeof EVENT_OUTCOMES)[number];
export type DeliveryCounts = z.infer<typeof deliveryCountsSchema>;
export type ListEventsQuery = z.output<typeof listEvents.query>;
