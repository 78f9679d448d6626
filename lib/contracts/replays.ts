import { z } from "zod";
import { pageOf, pageQuery, projectParams, timestamp } from "@/lib/contracts/common";
import { isKnownPattern } from "@/lib/contracts/event-types";
import { defineOperation } from "@/lib/contracts/operation";

export const REPLAY_LIMITS = {
  /** Running and paused ones of a project. */
  unfinishedPerProject: 5,
  webhooks: 100,
  eventTypes: 100,
  /** Deliveries per second. */
  rate: { min: 1, max: 1000, default: 50 },
} as const;

export const REPLAY_KINDS = ["failed", "missing", "while_disabled"] as const;
export const REPLAY_STATUSES = ["running", "paused", "cancelled", "completed"] as const;
export const SKIP_REASONS = ["webhook_disabled", "webhook_deleted", "unsubscribed", "superseded"] as const;

const kind = z.enum(REPLAY_KINDS).meta({
  description:
    "failed: deliveries of the range that were given up, under the same delivery id. missing: events of the range that a webhook subscribes to now and has no delivery of. while_disabled: events of the range that passed a webhook by because it was disabled.",
});
const rate = z
  .number()
  .int()
  .min(REPLAY_LIMITS.rate.min)
  .max(REPLAY_LIMITS.rate.max)
  .meta({ description: "Deliveries per second, at most." });
const reason = z.enum(SKIP_REASONS).meta({
  description:
    "webhook_disabled, webhook_deleted: nothing can be sent to it. unsubscribed: it no longer subscribes to the event. superseded: it was sent in another way meanwhile, or its retention ended.",
});
const pattern = z.string().refine(isKnownPattern, {
  error: (issue) =>
    `Unknown event type "${String(issue.input)}". Use a type of the catalogue, a group such as "instance.*", or "*".`,
});

const scope = {
  kind,
  from: timestamp.meta({ description: "Created at or after." }),
  to: timestamp.meta({ description: "Created before; a time to come means now." }),
  webhook_ids: z
    .array(z.string().max(100))
    .min(1, "Name at least one webhook, or leave it out for all")
    .max(REPLAY_LIMITS.webhooks)
    .optional()
    .meta({ description: "Only these; absent: all webhooks." }),
  event_types: z
    .array(pattern)
    .min(1, "Name at least one event type, or leave it out for all")
    .max(REPLAY_LIMITS.eventTypes)
    .optional()
    .meta({ description: "Only these types or groups; absent: all." }),
};

export const replayScopeBody = z.strictObject(scope);
export const createReplayBody = z.strictObject({ ...scope, rate: rate.default(REPLAY_LIMITS.rate.default) });
export const updateReplayBody = z.strictObject({ rate });

const skipped = z.object({ reason, count: z.number().int() });
const repeats = z.number().int().meta({
  description:
    "Of them, those that the receiver may have had: an attempt was made before, or the event was delivered to the same URL through another webhook.",
});

export const replayPreviewSchema = z
  .object({
    kind,
    from: timestamp,
    to: timestamp,
    total: z.number().int().meta({ description: "How many would be sent, counted exactly." }),
    repeats,
    webhooks: z.array(z.object({ webhook_id: z.string(), url: z.string(), count: z.number().int(), repeats })),
    event_types: z.array(z.object({ event_type: z.string(), count: z.number().int() })),
    skipped: z
      .array(z.object({ webhook_id: z.string(), url: z.string(), ...skipped.shape }))
      .meta({ description: "What would be sent if the webhook could get anything; not part of the total." }),
  })
  .meta({ id: "ReplayPreview" });

export const replaySchema = z
  .object({
    id: z.string(),
    kind,
    from: timestamp,
    to: timestamp,
    webhook_ids: z.array(z.string()).nullable(),
    event_types: z.array(z.string()).nullable(),
    rate,
    status: z.enum(REPLAY_STATUSES).meta({
      description: "completed: everything is queued or skipped; what is queued may still be under way.",
    }),
    total: z.number().int(),
    queued: z.number().int().meta({ description: "Handed to the delivery queue so far." }),
    skipped: z.number().int(),
    repeats,
    skipped_by: z.array(skipped),
    outcome: z
      .object({ delivered: z.number().int(), failed: z.number().int(), pending: z.number().int() })
      .meta({ description: "What became of those queued that no later replay has taken over." }),
    created_by: z.string(),
    created_at: timestamp,
    updated_at: timestamp,
    finished_at: timestamp.nullable(),
    revision: z.number().int().meta({ description: "Rises with every change of the job itself." }),
  })
  .meta({ id: "Replay" });

export const replayDetailSchema = replaySchema
  .extend({
    webhooks: z.array(
      z.object({
        webhook_id: z.string(),
        url: z.string(),
        total: z.number().int(),
        queued: z.number().int(),
        skipped_by: z.array(skipped),
        finished: z.boolean(),
      }),
    ),
  })
  .meta({ id: "ReplayDetail" });

const params = projectParams.extend({ replay_id: z.string() });
const tag = "Replays";

export const previewReplay = defineOperation({
  id: "previewReplay",
  method: "POST",
  path: "/projects/{project_id}/replays/preview",
  summary: "Count what a replay would send",
  description: "Changes nothing. The counts are exact for the moment of asking.",
  tag,
  auth: "project",
  params: projectParams,
  body: replayScopeBody,
  audit: false,
  status: 200,
  response: replayPreviewSchema,
});

export const createReplay = defineOperation({
  id: "createReplay",
  method: "POST",
  path: "/projects/{project_id}/replays",
  summary: "Start a replay",
  description:
    "Counts as the preview does and starts a job that queues the deliveries at the given rate. Refused when there is nothing to send.",
  tag,
  auth: "project",
  params: projectParams,
  body: createReplayBody,
  status: 201,
  response: replayDetailSchema,
  idempotent: true,
  errors: ["conflict"],
});

export const listReplays = defineOperation({
  id: "listReplays",
  method: "GET",
  path: "/projects/{project_id}/replays",
  summary: "Replays, newest first",
  tag,
  auth: "project",
  params: projectParams,
  query: pageQuery,
  status: 200,
  response: pageOf(replaySchema),
  errors: ["invalid_cursor"],
});

export const getReplay = defineOperation({
  id: "getReplay",
  method: "GET",
  path: "/projects/{project_id}/replays/{replay_id}",
  summary: "Read a replay with its progress",
  tag,
  auth: "project",
  params,
  status: 200,
  response: replayDetailSchema,
});

export const updateReplay = defineOperation({
  id: "updateReplay",
  method: "PATCH",
  path: "/projects/{project_id}/replays/{replay_id}",
  summary: "Change the rate of a replay",
  tag,
  auth: "project",
  params,
  body: updateReplayBody,
  status: 200,
  response: replayDetailSchema,
  errors: ["conflict"],
});

export const pauseReplay = defineOperation({
  id: "pauseReplay",
  method: "POST",
  path: "/projects/{project_id}/replays/{replay_id}/pause",
  summary: "Pause a running replay",
  description: "Nothing more is queued; what is queued already goes out. Pausing a paused one changes nothing.",
  tag,
  auth: "project",
  params,
  status: 200,
  response: replayDetailSchema,
  errors: ["conflict"],
});

export const resumeReplay = defineOperation({
  id: "resumeReplay",
  method: "POST",
  path: "/projects/{project_id}/replays/{replay_id}/resume",
  summary: "Resume a paused replay",
  tag,
  auth: "project",
  params,
  status: 200,
  response: replayDetailSchema,
  errors: ["conflict"],
});

export const cancelReplay = defineOperation({
  id: "cancelReplay",
  method: "POST",
  path: "/projects/{project_id}/replays/{replay_id}/cancel",
  summary: "Cancel a replay",
  description: "Nothing more is queued; what is queued already goes out. It cannot be resumed.",
  tag,
  auth: "project",
  params,
  status: 200,
  response: replayDetailSchema,
  errors: ["conflict"],
});

export type ReplayKind = z.infer<typeof kind>;
export type ReplayStatus = (typeof REPLAY_STATUSES)[number];
export type SkipReason = (typeof SKIP_REASONS)[number];
export type ReplayScope = z.output<typeof replayScopeBody>;
export type ReplayPreview = z.infer<typeof replayPreviewSchema>;
export type Replay = z.infer<typeof replaySchema>;
export type ReplayDetail = z.infer<typeof replayDetailSchema>;
