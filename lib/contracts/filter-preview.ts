import { z } from "zod";
import { projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";
import { eventTypesSchema, filterSchema } from "@/lib/contracts/webhooks";

/** How many of the latest events a filter is tried on. */
export const PREVIEW_EVENTS = 100;

export const PREVIEW_VERDICTS = ["match", "type", "application", "environment", "labels", "payload"] as const;

export const filterPreviewBody = z.strictObject({
  event_types: eventTypesSchema,
  filter: filterSchema.nullable().default(null),
});

export const filterPreviewSchema = z
  .object({
    considered: z
      .number()
      .int()
      .meta({ description: `The project's latest events, at most ${PREVIEW_EVENTS}; tests are left out.` }),
    matched: z.number().int(),
    events: z
      .array(
        z.object({
          id: z.string(),
          type: z.string(),
          created_at: timestamp,
          matched: z.boolean(),
          verdict: z.enum(PREVIEW_VERDICTS).meta({ description: "The first clause that says no, or match." }),
          detail: z
            .string()
            .nullable()
            .meta({ description: "What the event has where that clause looks: `data.gpu_count $gte 8: it is 4`." }),
        }),
      )
      .meta({ description: "Newest first." }),
  })
  .meta({ id: "WebhookFilterPreview" });

export const previewFilter = defineOperation({
  id: "previewWebhookFilter",
  method: "POST",
  path: "/projects/{project_id}/webhooks/filter-preview",
  summary: "Try event types and a filter on the project's latest events",
  description: "Nothing is stored or sent. Needs `webhooks:read` and `events:read`: the answer tells of the events.",
  tag: "Webhooks",
  auth: "project",
  params: projectParams,
  body: filterPreviewBody,
  audit: false,
  status: 200,
  response: filterPreviewSchema,
});

export type FilterPreview = z.infer<typeof filterPreviewSchema>;
export type PreviewedEvent = FilterPreview["events"][number];
