import { z } from "zod";
import { artifactDetailSchema } from "@/lib/contracts/artifacts";
import { pageOf, pageQuery, projectParams, timestamp } from "@/lib/contracts/common";
import { deliveryStatusSchema } from "@/lib/contracts/deliveries";
import { defineOperation } from "@/lib/contracts/operation";

export const WORKFLOW_KINDS = ["artifact", "reservation", "instance", "deployment", "event"] as const;
export const workflowKindSchema = z
  .enum(WORKFLOW_KINDS)
  .meta({ description: "What began it: publishing an artifact, booking, starting, deploying, or emitting an event." });

/** Of one workflow so many events, and so many artifacts, are told with it at most: the first. Lists have all. */
export const WORKFLOW_LIMITS = { shown: 500 } as const;

export const workflowSchema = z
  .object({
    id: z.string(),
    correlation_id: z.string(),
    kind: workflowKindSchema,
    title: z.string(),
    sequence: z.number().int().meta({ description: "The last number given: so many events there were." }),
    artifacts: z.number().int(),
    webhooks: z.number().int().meta({ description: "Brought along by calls; each gets every event of it." }),
    created_by: z.object({ id: z.string(), name: z.string() }),
    created_at: timestamp,
  })
  .meta({ id: "Workflow" });

const delivery = z.object({
  id: z.string(),
  webhook_id: z.string(),
  url: z.string(),
  source: z.enum(["console", "file", "request"]),
  status: deliveryStatusSchema,
  attempt_count: z.number().int(),
  max_attempts: z.number().int(),
  http_status: z.number().int().nullable(),
  error_message: z.string().nullable(),
  next_attempt_at: timestamp.nullable(),
});

export const workflowEventSchema = z
  .object({
    id: z.string(),
    type: z.string(),
    sequence: z.number().int().nullable().meta({ description: "null: it came before the workflow was begun." }),
    source: z.string(),
    artifact_id: z.string().nullable().meta({ description: "The artifact that it tells of." }),
    artifact_type: z.string().nullable(),
    occurred_at: timestamp,
    deliveries: z.array(delivery),
  })
  .meta({ id: "WorkflowEvent" });

export const workflowStepSchema = artifactDetailSchema
  .omit({ correlation_id: true })
  .meta({ id: "WorkflowStep", description: "An artifact of a workflow with the work of its processors." });

export const workflowArtifactSchema = workflowStepSchema
  .extend({
    get children() {
      return z.array(workflowArtifactSchema);
    },
  })
  .meta({ id: "WorkflowArtifact", description: "An artifact with those that it led to." });

export const workflowDetailSchema = workflowSchema
  .extend({
    artifact_tree: z.array(workflowArtifactSchema),
    events: z.array(workflowEventSchema).meta({ description: "In sequence." }),
    request_webhooks: z.array(
      z.object({ id: z.string(), url: z.string(), has_secret: z.boolean(), gone: z.boolean(), created_at: timestamp }),
    ),
    truncated: z.boolean().meta({ description: "It has more events or artifacts than are told here." }),
  })
  .meta({ id: "WorkflowDetail" });

const params = projectParams.extend({ correlation_id: z.string() });
const tag = "Workflows";

export const listWorkflows = defineOperation({
  id: "listWorkflows",
  method: "GET",
  path: "/projects/{project_id}/workflows",
  summary: "List workflows, newest first",
  tag,
  auth: "project",
  params: projectParams,
  query: pageQuery.extend({
    kind: workflowKindSchema.optional(),
    q: z
      .string()
      .max(200)
      .optional()
      .meta({ description: "The beginning of its correlation id, or part of its title." }),
  }),
  status: 200,
  response: pageOf(workflowSchema),
  errors: ["invalid_cursor"],
});

export const getWorkflow = defineOperation({
  id: "getWorkflow",
  method: "GET",
  path: "/projects/{project_id}/workflows/{correlation_id}",
  summary: "Read a workflow: its artifacts as a tree, its events in sequence, their deliveries",
  tag,
  auth: "project",
  params,
  query: z.object({
    limit: z.coerce
      .number()
      .int()
      .min(0)
      .max(WORKFLOW_LIMITS.shown)
      .default(WORKFLOW_LIMITS.shown)
      .meta({ description: "Events, and artifacts, that are told with it: the first. The rest is in their lists." }),
  }),
  status: 200,
  response: workflowDetailSchema,
});

export const listWorkflowEvents = defineOperation({
  id: "listWorkflowEvents",
  method: "GET",
  path: "/projects/{project_id}/workflows/{correlation_id}/events",
  summary: "Events of a workflow in sequence, with their deliveries",
  tag,
  auth: "project",
  params,
  query: pageQuery,
  status: 200,
  response: pageOf(workflowEventSchema),
  errors: ["invalid_cursor"],
});

export const listWorkflowArtifacts = defineOperation({
  id: "listWorkflowArtifacts",
  method: "GET",
  path: "/projects/{project_id}/workflows/{correlation_id}/artifacts",
  summary: "Artifacts of a workflow in sequence, each with the work of its processors",
  description: "`parent_id` names the one that led to it, which always comes first.",
  tag,
  auth: "project",
  params,
  query: pageQuery,
  status: 200,
  response: pageOf(workflowStepSchema),
  errors: ["invalid_cursor"],
});

export type Workflow = z.infer<typeof workflowSchema>;
export type WorkflowDetail = z.infer<typeof workflowDetailSchema>;
export type WorkflowEvent = z.infer<typeof workflowEventSchema>;
export type WorkflowStep = z.infer<typeof workflowStepSchema>;
export type WorkflowArtifact = z.infer<typeof workflowArtifactSchema>;
export type WorkflowKind = (typeof WORKFLOW_KINDS)[number];
