import { z } from "zod";
import { isStorable, pageOf, pageQuery, timestamp } from "@/lib/contracts/common";
import { authorSchema, CONFIG_LIMITS, configParams, versionRefSchema } from "@/lib/contracts/configurations";
import { defineOperation } from "@/lib/contracts/operation";

export const EVALUATION_STATUSES = ["running", "completed", "failed"] as const;

const text = (most: number) => z.string().trim().max(most).refine(isStorable, "Leave out what cannot be stored");
const name = text(100).min(1, "Say what was evaluated");
const status = z.enum(EVALUATION_STATUSES);
const score = z.number().meta({ description: "Needed when it is completed." });
const metrics = z
  .record(text(100).min(1), z.number())
  .refine((all) => Object.keys(all).length <= CONFIG_LIMITS.metrics, `At most ${CONFIG_LIMITS.metrics} metrics`)
  .meta({ description: "Further figures by name." });
const note = text(CONFIG_LIMITS.noteLength);

const SCORE_MISSING = { message: "Give the score it was completed with", path: ["score"] };
const scored = (body: { status?: string | undefined; score?: number | undefined }) =>
  body.status !== "completed" || body.score !== undefined;

export const evaluationSchema = z
  .object({
    id: z.string(),
    config_id: z.string(),
    version: versionRefSchema,
    name: z.string(),
    status,
    score: z.number().nullable(),
    metrics: z.record(z.string(), z.number()),
    note: z.string(),
    created_by: authorSchema,
    created_at: timestamp,
    completed_at: timestamp.nullable().meta({ description: "When it completed or failed." }),
  })
  .meta({ id: "Evaluation" });

export const createEvaluationBody = z
  .strictObject({
    version_id: z.string().max(100),
    name,
    status: status.default("completed"),
    score: score.optional(),
    metrics: metrics.default({}),
    note: note.default(""),
  })
  .refine(scored, SCORE_MISSING);

export const updateEvaluationBody = z
  .strictObject({
    status: status.optional(),
    score: score.optional(),
    metrics: metrics.optional(),
    note: note.optional(),
  })
  .refine((body) => Object.keys(body).length > 0, "Give at least one field");

const params = configParams.extend({ evaluation_id: z.string() });
const tag = "Configurations";

export const listEvaluations = defineOperation({
  id: "listEvaluations",
  method: "GET",
  path: "/projects/{project_id}/configurations/{config_id}/evaluations",
  summary: "Evaluations of a configuration, newest first",
  tag,
  auth: "project",
  params: configParams,
  query: pageQuery.extend({
    version_id: z.string().max(100).optional().meta({ description: "Only those of this version." }),
  }),
  status: 200,
  response: pageOf(evaluationSchema),
  errors: ["invalid_cursor"],
});

export const createEvaluation = defineOperation({
  id: "createEvaluation",
  method: "POST",
  path: "/projects/{project_id}/configurations/{config_id}/evaluations",
  summary: "Record an evaluation of a version",
  description: "One that is running is completed later; `evaluation.completed` is emitted once, when it is.",
  tag,
  auth: "project",
  params: configParams,
  body: createEvaluationBody,
  status: 201,
  response: evaluationSchema,
  idempotent: true,
});

export const updateEvaluation = defineOperation({
  id: "updateEvaluation",
  method: "PATCH",
  path: "/projects/{project_id}/configurations/{config_id}/evaluations/{evaluation_id}",
  summary: "Complete a running evaluation",
  description: "Once it is completed or failed it stays as it is.",
  tag,
  auth: "project",
  params,
  body: updateEvaluationBody,
  status: 200,
  response: evaluationSchema,
  errors: ["conflict"],
});

export type Evaluation = z.infer<typeof evaluationSchema>;
