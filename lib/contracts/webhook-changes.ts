import { z } from "zod";
import { pageOf, pageQuery, projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";
import { filterSchema } from "@/lib/contracts/webhooks";

export const CHANGE_KINDS = ["created", "updated", "enabled", "disabled", "deleted"] as const;

export const changeAuthorSchema = z
  .object({
    kind: z.enum(["member", "api_key", "file", "engine"]),
    id: z.string(),
    name: z.string().nullable().meta({ description: "null where it is not known: of somebody who left the project." }),
  })
  .meta({ id: "ChangeAuthor" });

export const webhookChangeSchema = z
  .object({
    id: z.string(),
    at: timestamp,
    kind: z.enum(CHANGE_KINDS),
    by: changeAuthorSchema,
    reason: z.string().nullable().meta({ description: "Why, where the kind does not say it all." }),
    enabled: z.boolean(),
    url: z.string(),
    event_types: z.array(z.string()),
    filter: filterSchema.nullable(),
  })
  .meta({ id: "WebhookChange", description: "What a webhook subscribed to from this moment on." });

export const listWebhookChanges = defineOperation({
  id: "listWebhookChanges",
  method: "GET",
  path: "/projects/{project_id}/webhooks/{webhook_id}/changes",
  summary: "The history of a webhook's subscription, newest first",
  description: "Also of a deleted webhook. Secrets, headers and limits are not part of it.",
  tag: "Webhooks",
  auth: "project",
  params: projectParams.extend({ webhook_id: z.string() }),
  query: pageQuery,
  status: 200,
  response: pageOf(webhookChangeSchema),
  errors: ["invalid_cursor"],
});

export type ChangeAuthor = z.infer<typeof changeAuthorSchema>;
export type WebhookChange = z.infer<typeof webhookChangeSchema>;
