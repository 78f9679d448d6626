import { z } from "zod";
import { pageOf, pageQuery, projectParams, timestamp } from "@/lib/contracts/common";
import { diffLineSchema, fieldChangeSchema } from "@/lib/contracts/config-diff";
import { correlationField } from "@/lib/contracts/config-versions";
import { authorSchema, configParams, messageField, slugSchema, versionRefSchema } from "@/lib/contracts/configurations";
import { defineOperation } from "@/lib/contracts/operation";
import { requestWebhookSchema } from "@/lib/contracts/request-webhook";

export const environmentSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    protected: z.boolean().meta({
      description: "Only who may `project:manage` deploys to it: owners, admins, and API keys with that scope.",
    }),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: "Environment" });

export const deploymentSchema = z
  .object({
    id: z.string(),
    config_id: z.string(),
    environment: z.string(),
    number: z.int().meta({ description: "Counts up without a gap within configuration and environment." }),
    version: versionRefSchema,
    current: z.boolean().meta({ description: "Whether it is the one in force." }),
    rollback_of: z
      .object({ id: z.string(), number: z.int() })
      .nullable()
      .meta({ description: "The deployment it went back to, for a rollback." }),
    message: z.string(),
    correlation_id: z.string(),
    created_by: authorSchema,
    created_at: timestamp,
  })
  .meta({ id: "Deployment" });

export const deploymentPreviewSchema = z
  .object({
    environment: environmentSchema,
    number: z.int().meta({ description: "The number that it would get." }),
    current: deploymentSchema.nullable().meta({ description: "What is in force now." }),
    version: versionRefSchema,
    changes: z.array(fieldChangeSchema),
    lines: z.array(diffLineSchema),
  })
  .meta({ id: "DeploymentPreview" });

const baseNumber = z.int().min(0).optional().meta({
  description:
    "Number of the deployment that was in force when this was decided, 0 for none: if another one is by now, it is refused with version_conflict.",
});
const common = {
  message: messageField.default(""),
  base_number: baseNumber,
  correlation_id: correlationField,
  webhook: requestWebhookSchema.optional(),
  dry_run: z.boolean().default(false).meta({ description: "Changes nothing; answers 200 with what would change." }),
};

export const deployBody = z.strictObject({
  environment: slugSchema,
  variant: slugSchema,
  version: z.int().min(1),
  ...common,
});
export const rollbackBody = z.strictObject(common);
export const createEnvironmentBody = z.strictObject({ name: slugSchema, protected: z.boolean().default(false) });
export const updateEnvironmentBody = z.strictObject({ protected: z.boolean() });

const environmentParams = projectParams.extend({ environment_id: z.string() });
const deploymentParams = configParams.extend({ deployment_id: z.string() });
const environments = "Environments";
const tag = "Configurations";

export const listEnvironments = defineOperation({
  id: "listEnvironments",
  method: "GET",
  path: "/projects/{project_id}/environments",
  summary: "Environments, oldest first",
  tag: environments,
  auth: "project",
  params: projectParams,
  query: pageQuery,
  status: 200,
  response: pageOf(environmentSchema),
  errors: ["invalid_cursor"],
});

export const createEnvironment = defineOperation({
  id: "createEnvironment",
  method: "POST",
  path: "/projects/{project_id}/environments",
  summary: "Create an environment",
  description: "A protected one takes the permission `project:manage`.",
  tag: environments,
  auth: "project",
  params: projectParams,
  body: createEnvironmentBody,
  status: 201,
  response: environmentSchema,
  idempotent: true,
  errors: ["conflict"],
});

export const updateEnvironment = defineOperation({
  id: "updateEnvironment",
  method: "PATCH",
  path: "/projects/{project_id}/environments/{environment_id}",
  summary: "Protect an environment, or end that",
  description: "Takes the permission `project:manage`.",
  tag: environments,
  auth: "project",
  params: environmentParams,
  body: updateEnvironmentBody,
  status: 200,
  response: environmentSchema,
});

export const deleteEnvironment = defineOperation({
  id: "deleteEnvironment",
  method: "DELETE",
  path: "/projects/{project_id}/environments/{environment_id}",
  summary: "Delete an environment that nothing was ever deployed to",
  tag: environments,
  auth: "project",
  params: environmentParams,
  status: 204,
  errors: ["conflict"],
});

export const listDeployments = defineOperation({
  id: "listDeployments",
  method: "GET",
  path: "/projects/{project_id}/configurations/{config_id}/deployments",
  summary: "Deployments of a configuration, newest first",
  tag,
  auth: "project",
  params: configParams,
  query: pageQuery.extend({
    environment: z.string().max(100).optional().meta({ description: "Only those to the environment of this name." }),
  }),
  status: 200,
  response: pageOf(deploymentSchema),
  errors: ["invalid_cursor"],
});

export const deploy = defineOperation({
  id: "deploy",
  method: "POST",
  path: "/projects/{project_id}/configurations/{config_id}/deployments",
  summary: "Put a version into force in an environment",
  tag,
  auth: "project",
  params: configParams,
  body: deployBody,
  status: 201,
  response: deploymentSchema,
  dryRunResponse: deploymentPreviewSchema,
  idempotent: true,
  errors: ["conflict", "version_conflict"],
});

export const rollBack = defineOperation({
  id: "rollBack",
  method: "POST",
  path: "/projects/{project_id}/configurations/{config_id}/deployments/{deployment_id}/rollback",
  summary: "Go back to an earlier deployment",
  description: "A new deployment of the version that the earlier one put into force; the history stays.",
  tag,
  auth: "project",
  params: deploymentParams,
  body: rollbackBody,
  status: 201,
  response: deploymentSchema,
  dryRunResponse: deploymentPreviewSchema,
  idempotent: true,
  errors: ["conflict", "version_conflict"],
});

export type Environment = z.infer<typeof environmentSchema>;
export type Deployment = z.infer<typeof deploymentSchema>;
export type DeploymentPreview = z.infer<typeof deploymentPreviewSchema>;
