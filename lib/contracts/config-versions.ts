import { z } from "zod";
import { isStorable, pageOf, pageQuery, timestamp } from "@/lib/contracts/common";
import { diffLineSchema, fieldChangeSchema } from "@/lib/contracts/config-diff";
import {
  authorSchema,
  configParams,
  messageField,
  variantParams,
  versionRefSchema,
} from "@/lib/contracts/configurations";
import { EVENT_LIMITS } from "@/lib/contracts/events";
import { launchTemplateSchema } from "@/lib/contracts/launch-template";
import { LAUNCH_TEXT_LIMITS, TEXT_FORMATS } from "@/lib/contracts/launch-text";
import { defineOperation } from "@/lib/contracts/operation";
import { requestWebhookSchema } from "@/lib/contracts/request-webhook";

/** JSON writes some characters with six bytes; what is too long is told by the text's own limit. */
const COMMIT_BODY_BYTES = 6 * LAUNCH_TEXT_LIMITS.bytes + 16 * 1024;

export const correlationField = z
  .string()
  .min(1)
  .max(EVENT_LIMITS.correlationIdLength)
  .refine(isStorable, "Leave out what cannot be stored")
  .optional()
  .meta({ description: "The workflow that this belongs to. Generated unless given." });

export const versionSchema = versionRefSchema
  .extend({
    config_id: z.string(),
    variant_id: z.string(),
    variant_deleted: z.boolean(),
    parent: versionRefSchema.nullable().meta({ description: "What it was made from." }),
    format: z.enum(TEXT_FORMATS),
    message: z.string(),
    created_by: authorSchema,
    created_at: timestamp,
  })
  .meta({ id: "ConfigVersion" });

export const versionDetailSchema = versionSchema
  .extend({
    source: z.string().meta({ description: "The text as it was written." }),
    content: launchTemplateSchema.meta({ description: "What it says, defaults filled in." }),
  })
  .meta({ id: "ConfigVersionDetail" });

export const committedSchema = versionDetailSchema
  .extend({ correlation_id: z.string() })
  .meta({ id: "CommittedConfigVersion" });

export const diffSchema = z
  .object({
    from: versionRefSchema,
    to: versionRefSchema,
    changes: z.array(fieldChangeSchema),
    lines: z.array(diffLineSchema),
  })
  .meta({ id: "ConfigDiff" });

export const commitBody = z.strictObject({
  source: z
    .string()
    .refine(isStorable, "Leave out what cannot be stored (NUL, halves of surrogate pairs)")
    .meta({
      description: `A launch template as text, at most ${LAUNCH_TEXT_LIMITS.bytes} bytes; kept as it is written.`,
    }),
  format: z.enum(TEXT_FORMATS).default("yaml"),
  message: messageField.default(""),
  base_version: z
    .int()
    .min(0)
    .meta({ description: "The version it was made from: a newer one refuses it with version_conflict. 0: the first." }),
  correlation_id: correlationField,
  webhook: requestWebhookSchema.optional(),
});

export const versionParams = configParams.extend({ version_id: z.string() });
const tag = "Configurations";

export const commitVersion = defineOperation({
  id: "commitVersion",
  method: "POST",
  path: "/projects/{project_id}/configurations/{config_id}/variants/{variant}/commits",
  summary: "Commit a new version of a variant",
  description:
    "Of those that are sent for one base version, one is taken; the others are refused with version_conflict, which tells what changed. What does not pass as a launch template is refused with the field and the line.",
  tag,
  auth: "project",
  params: variantParams,
  body: commitBody,
  bodyLimit: COMMIT_BODY_BYTES,
  status: 201,
  response: committedSchema,
  idempotent: true,
  errors: ["version_conflict", "conflict"],
});

export const listVersions = defineOperation({
  id: "listVersions",
  method: "GET",
  path: "/projects/{project_id}/configurations/{config_id}/versions",
  summary: "Versions of a configuration, newest first",
  tag,
  auth: "project",
  params: configParams,
  query: pageQuery.extend({
    variant: z.string().max(100).optional().meta({ description: "Only those of this variant: its name, or its id." }),
  }),
  status: 200,
  response: pageOf(versionSchema),
  errors: ["invalid_cursor"],
});

export const getVersion = defineOperation({
  id: "getVersion",
  method: "GET",
  path: "/projects/{project_id}/configurations/{config_id}/versions/{version_id}",
  summary: "Read a version with its text",
  tag,
  auth: "project",
  params: versionParams,
  status: 200,
  response: versionDetailSchema,
});

export const diffVersions = defineOperation({
  id: "diffVersions",
  method: "GET",
  path: "/projects/{project_id}/configurations/{config_id}/diff",
  summary: "What differs between two versions, by field and by line",
  tag,
  auth: "project",
  params: configParams,
  query: z.object({
    from: z.string().max(100).meta({ description: "Id of a version." }),
    to: z.string().max(100).meta({ description: "Id of a version." }),
  }),
  status: 200,
  response: diffSchema,
});

export type ConfigVersion = z.infer<typeof versionSchema>;
export type ConfigVersionDetail = z.infer<typeof versionDetailSchema>;
export type CommittedVersion = z.infer<typeof committedSchema>;
export type ConfigDiff = z.infer<typeof diffSchema>;
