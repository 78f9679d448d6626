import { z } from "zod";
import { artifactTypeSchema } from "@/lib/contracts/artifacts";
import { listOf, projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";
import { secretSchema } from "@/lib/contracts/signing";

export const PROCESSOR_LIMITS = {
  perProject: 50,
  types: 20,
  nameLength: 80,
  urlLength: 2_000,
  /** Milliseconds of one call. */
  callMs: 10_000,
  answerBytes: 1024 * 1024,
  /** Seconds before the second attempt and those after it. */
  retryDelaysS: [2, 10, 60, 300],
} as const;

const pattern = z.union([z.literal("*"), artifactTypeSchema, z.string().regex(/^[a-z0-9_-]+(\.[a-z0-9_-]+)*\.\*$/)], {
  error: 'An artifact type such as "report.daily", a group such as "report.*", or "*"',
});

const name = z.string().trim().min(1, "Give the processor a name").max(PROCESSOR_LIMITS.nameLength);
const types = z
  .array(pattern)
  .min(1, 'Name at least one type, or "*" for all')
  .max(PROCESSOR_LIMITS.types)
  .transform((all) => [...new Set(all)])
  .meta({ description: 'Types of artifacts that it wants; "report.*" for a group, "*" for all.' });
const url = z.string().min(1, "Enter the URL that is called").max(PROCESSOR_LIMITS.urlLength);

export const createProcessorBody = z.strictObject({
  name,
  artifact_types: types,
  url,
  secret: secretSchema
    .nullable()
    .optional()
    .meta({ description: "Signs its calls as webhooks are signed. null: unsigned. Generated unless given." }),
  enabled: z.boolean().default(true),
});

export const updateProcessorBody = z.strictObject({
  name: name.optional(),
  artifact_types: types.optional(),
  url: url.optional(),
  secret: secretSchema.nullable().optional(),
  enabled: z.boolean().optional(),
});

export const processorSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    artifact_types: z.array(z.string()),
    url: z.string().nullable().meta({ description: "null: built in." }),
    has_secret: z.boolean(),
    enabled: z.boolean(),
    built_in: z.boolean(),
    description: z.string(),
    created_at: timestamp.nullable(),
    updated_at: timestamp.nullable(),
  })
  .meta({ id: "Processor" });

export const processorWithSecretSchema = processorSchema
  .extend({ secret: z.string().nullable().meta({ description: "Shown this once." }) })
  .meta({ id: "ProcessorWithSecret" });

const tag = "Artifacts";
const params = projectParams.extend({ processor_id: z.string() });

export const listProcessors = defineOperation({
  id: "listProcessors",
  method: "GET",
  path: "/projects/{project_id}/processors",
  summary: "Processors of artifacts: the built-in ones, then the project's own by name",
  tag,
  auth: "project",
  params: projectParams,
  status: 200,
  response: listOf(processorSchema),
});

export const createProcessor = defineOperation({
  id: "createProcessor",
  method: "POST",
  path: "/projects/{project_id}/processors",
  summary: "Register a processor of one's own",
  description:
    "It is called with each artifact of its types and answers `{artifacts: [{type, payload, tags}]}`, or nothing. Its URL follows the rules of webhooks.",
  tag,
  auth: "project",
  params: projectParams,
  body: createProcessorBody,
  status: 201,
  response: processorWithSecretSchema,
  idempotent: true,
  errors: ["conflict"],
});

export const updateProcessor = defineOperation({
  id: "updateProcessor",
  method: "PATCH",
  path: "/projects/{project_id}/processors/{processor_id}",
  summary: "Change a processor",
  tag,
  auth: "project",
  params,
  body: updateProcessorBody,
  status: 200,
  response: processorSchema,
});

export const deleteProcessor = defineOperation({
  id: "deleteProcessor",
  method: "DELETE",
  path: "/projects/{project_id}/processors/{processor_id}",
  summary: "Delete a processor",
  description: "What waits for it is recorded as failed; what it produced stays.",
  tag,
  auth: "project",
  params,
  status: 204,
});

export type Processor = z.infer<typeof processorSchema>;
export type ProcessorWithSecret = z.infer<typeof processorWithSecretSchema>;
