import { z } from "zod";
import { isStorable, jsonObject, pageOf, pageQuery, projectParams, timestamp } from "@/lib/contracts/common";
import { EVENT_LIMITS } from "@/lib/contracts/events";
import { defineOperation } from "@/lib/contracts/operation";
import { requestWebhookSchema } from "@/lib/contracts/request-webhook";

export const ARTIFACT_LIMITS = {
  /** Bytes of a payload as JSON. */
  payloadBytes: 256 * 1024,
  tags: 20,
  tagLength: 100,
  typeLength: 100,
  /** How far an artifact may be from the published one: what lies at this distance is given to no processor. */
  depth: 10,
  /** Artifacts of one workflow, after which no processor is asked any more. */
  perWorkflow: 1_000,
  /** Artifacts that a processor may make of one. */
  perAnswer: 20,
  /** Milliseconds and artifacts after which /artifacts/sync answers with what there is. */
  syncMs: 10_000,
  syncArtifacts: 100,
} as const;

export const artifactTypeSchema = z
  .string()
  .max(ARTIFACT_LIMITS.typeLength)
  .regex(/^[a-z0-9_-]+(\.[a-z0-9_-]+)*$/, 'Lower-case words separated by dots, such as "report.daily"');

const storable = z.string().refine(isStorable, "A character here cannot be stored (NUL, or half of a pair)");
const tag = storable.min(1).max(ARTIFACT_LIMITS.tagLength);
const payload = jsonObject.refine((value) => isStorable(JSON.stringify(value).replaceAll("\\u0000", "\u0000")), {
  error: "A NUL character cannot be stored",
});

/** What a processor answers with for each artifact that it makes. */
export const producedArtifactSchema = z.object({
  type: artifactTypeSchema,
  payload,
  tags: z.array(tag).max(ARTIFACT_LIMITS.tags).default([]),
});

export const publishArtifactBody = z.strictObject({
  ...producedArtifactSchema.shape,
  produced_by: storable.trim().min(1).max(100).meta({ description: "Who or what made it, for people." }),
  correlation_id: z
    .string()
    .min(1)
    .max(EVENT_LIMITS.correlationIdLength)
    .refine(isStorable)
    .optional()
    .meta({ description: "The workflow it belongs to; one is begun unless there is one of this id." }),
  webhook: requestWebhookSchema.optional(),
});

export const ARTIFACT_TASK_STATUSES = ["waiting", "done", "failed"] as const;

export const artifactTaskSchema = z
  .object({
    processor: z.string().meta({ description: "Name of a built-in processor, or id of one of the project's own." }),
    name: z.string(),
    status: z.enum(ARTIFACT_TASK_STATUSES),
    attempts: z.number().int(),
    error: z.string().nullable(),
    due_at: timestamp.nullable(),
    finished_at: timestamp.nullable(),
  })
  .meta({ id: "ArtifactTask", description: "The work of one processor on one artifact." });

export const artifactSchema = z
  .object({
    id: z.string(),
    type: z.string(),
    payload: jsonObject,
    tags: z.array(z.string()),
    produced_by: z.string(),
    correlation_id: z.string(),
    sequence: z.number().int().meta({ description: "Its number within the workflow." }),
    parent_id: z.string().nullable().meta({ description: "The artifact that led to it." }),
    event_id: z.string().meta({ description: "The event that told of it." }),
    created_at: timestamp,
  })
  .meta({ id: "Artifact" });

export const artifactDetailSchema = artifactSchema
  .extend({ tasks: z.array(artifactTaskSchema) })
  .meta({ id: "ArtifactDetail" });

export const acceptedArtifactSchema = z
  .object({ artifact: artifactSchema, tasks: z.number().int().meta({ description: "Processors that were asked." }) })
  .meta({ id: "AcceptedArtifact" });

export const syncArtifactSchema = z
  .object({
    artifact: artifactSchema,
    produced: z.array(artifactSchema).meta({ description: "Everything that it led to so far, in sequence." }),
    complete: z.boolean().meta({ description: "false: something is left, and goes on in the background." }),
    waiting: z.number().int().meta({ description: "Tasks that are left." }),
  })
  .meta({ id: "SyncArtifact" });

const group = "Artifacts";
const bodyLimit = ARTIFACT_LIMITS.payloadBytes + 64 * 1024;

export const publishArtifact = defineOperation({
  id: "publishArtifact",
  method: "POST",
  path: "/projects/{project_id}/artifacts",
  summary: "Publish an artifact",
  description:
    "Stores it and asks the processors that want its type, which may make more of it. Each artifact is an event of the workflow; with `webhook` they all go there, in sequence.",
  tag: group,
  auth: "project",
  params: projectParams,
  body: publishArtifactBody,
  bodyLimit,
  status: 202,
  response: acceptedArtifactSchema,
  idempotent: true,
  errors: ["conflict"],
});

export const publishArtifactSync = defineOperation({
  id: "publishArtifactSync",
  method: "POST",
  path: "/projects/{project_id}/artifacts/sync",
  summary: "Publish an artifact and wait for what it leads to",
  description: `As publishing, but processed at once. It answers after ${ARTIFACT_LIMITS.syncMs / 1000} seconds or ${ARTIFACT_LIMITS.syncArtifacts} artifacts at the latest; the rest goes on in the background.`,
  tag: group,
  auth: "project",
  params: projectParams,
  body: publishArtifactBody,
  bodyLimit,
  status: 200,
  response: syncArtifactSchema,
  idempotent: true,
  errors: ["conflict"],
});

export const listArtifacts = defineOperation({
  id: "listArtifacts",
  method: "GET",
  path: "/projects/{project_id}/artifacts",
  summary: "List artifacts, newest first",
  tag: group,
  auth: "project",
  params: projectParams,
  query: pageQuery.extend({
    type: z.string().max(ARTIFACT_LIMITS.typeLength).optional(),
    correlation_id: z.string().max(EVENT_LIMITS.correlationIdLength).optional(),
    tags: z.string().max(2000).optional().meta({ description: "Tags separated by commas; it has all of them." }),
  }),
  status: 200,
  response: pageOf(artifactSchema),
  errors: ["invalid_cursor"],
});

export const getArtifact = defineOperation({
  id: "getArtifact",
  method: "GET",
  path: "/projects/{project_id}/artifacts/{artifact_id}",
  summary: "Read an artifact, and what its processors came to",
  tag: group,
  auth: "project",
  params: projectParams.extend({ artifact_id: z.string() }),
  status: 200,
  response: artifactDetailSchema,
});

export type Artifact = z.infer<typeof artifactSchema>;
export type ArtifactDetail = z.infer<typeof artifactDetailSchema>;
export type ArtifactTask = z.infer<typeof artifactTaskSchema>;
export type ProducedArtifact = z.output<typeof producedArtifactSchema>;
export type SyncArtifact = z.infer<typeof syncArtifactSchema>;
