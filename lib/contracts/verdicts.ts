import { z } from "zod";
import { listOf, projectParams, timestamp } from "@/lib/contracts/common";
import { deliverySchema, WAITING_REASONS } from "@/lib/contracts/deliveries";
import { defineOperation } from "@/lib/contracts/operation";
import { WEBHOOK_STATUSES } from "@/lib/contracts/webhooks";

export const VERDICT_LIMITS = {
  /** Webhooks that one request sends to. */
  sendTo: 100,
  /** Webhooks listed that were deleted before the event: those deleted last. */
  deletedBefore: 100,
} as const;

/** What became of an event at a webhook, in the order in which the questions are asked. */
export const VERDICTS = [
  "delivered",
  "pending",
  "delivering",
  "failed",
  "blocked",
  "cancelled",
  "created_later",
  "deleted",
  "addressed_to_another",
  "about_itself",
  "not_subscribed",
  "application",
  "environment",
  "labels",
  "payload",
  "disabled",
  "missing",
] as const;

/** What a pending delivery waits for. */
export const WAITS = ["retry", ...WAITING_REASONS, "worker"] as const;

export const verdictSchema = z
  .object({
    webhook: z.object({
      id: z.string(),
      url: z.string(),
      description: z.string(),
      status: z.enum([...WEBHOOK_STATUSES, "deleted"]),
    }),
    verdict: z.enum(VERDICTS),
    detail: z.string().meta({ description: "Why, in a sentence. Moments are in `since` and `until`." }),
    clause: z
      .object({
        field: z.string().meta({ description: "Such as `event_types` or `filter.labels.team`." }),
        wanted: z.string(),
        had: z.string().nullable().meta({ description: "What the event has there; null: nothing." }),
      })
      .nullable()
      .meta({ description: "The clause of the subscription that decided; null where something else did." }),
    since: timestamp.nullable().meta({ description: "Since when it is or was so: disabled, deleted, created." }),
    until: timestamp.nullable().meta({ description: "Until when a pending delivery waits, where that is known." }),
    waits_for: z.enum(WAITS).nullable().meta({
      description:
        "Of a pending delivery. retry: its next attempt. paused: the receiver asked for a pause. probing: the webhook failed for long and gets one request at a time. disabled: until the webhook is enabled. lane: another delivery goes first (`waits_behind`). max_in_flight, rate_limit: it is due, and the webhook's own limit is used up. back_off: it is due, and the webhook has as many requests under way as it takes for now. worker: it is due.",
    }),
    waits_behind: z.string().nullable().meta({ description: "The delivery at the head of its lane." }),
    delivery: deliverySchema
      .pick({
        id: true,
        status: true,
        attempt_count: true,
        max_attempts: true,
        http_status: true,
        error_message: true,
        next_attempt_at: true,
        completed_at: true,
      })
      .nullable(),
    now: z
      .object({ would_match: z.boolean(), detail: z.string() })
      .meta({ description: "Whether such an event would be sent to the webhook as it is now." }),
    can_send: z.boolean().meta({ description: "Whether the event can be sent to it now by `send`." }),
  })
  .meta({ id: "EventVerdict" });

const tag = "Events";
const params = projectParams.extend({ event_id: z.string() });

export const listVerdicts = defineOperation({
  id: "listEventVerdicts",
  method: "GET",
  path: "/projects/{project_id}/events/{event_id}/verdicts",
  summary: "Who got an event, and why the others did not",
  description: `The verdict of every webhook of the project: those with a delivery first, then the newest webhook first. A webhook is judged by its subscription at the event's time. Of the webhooks that were deleted before the event the last ${VERDICT_LIMITS.deletedBefore} are listed.`,
  tag,
  auth: "project",
  params,
  status: 200,
  response: listOf(verdictSchema),
});

export const sendEvent = defineOperation({
  id: "sendEvent",
  method: "POST",
  path: "/projects/{project_id}/events/{event_id}/send",
  summary: "Send an event to webhooks, whatever they subscribe to",
  description:
    "A webhook that has no delivery of the event gets one. One that has is sent the same delivery again, with the same id: at once if it waits, by one further attempt if it ended. A delivery that is under way is left as it is. All webhooks or none: a disabled or deleted one refuses the request. The answer says that they are queued, not that they arrived.",
  tag,
  auth: "project",
  params,
  body: z.strictObject({
    webhook_ids: z
      .array(z.string().max(100))
      .min(1, "Name at least one webhook")
      .max(VERDICT_LIMITS.sendTo, `At most ${VERDICT_LIMITS.sendTo} webhooks at once`),
  }),
  status: 202,
  response: z.object({
    deliveries: z.array(deliverySchema),
    created: z.number().int().meta({ description: "How many of them are new." }),
  }),
  idempotent: true,
  errors: ["conflict"],
});

export type EventVerdict = z.infer<typeof verdictSchema>;
export type Verdict = EventVerdict["verdict"];
export type WaitsFor = NonNullable<EventVerdict["waits_for"]>;
