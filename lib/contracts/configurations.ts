import { z } from "zod";
import { isStorable, listOf, pageOf, pageQuery, projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";

export const CONFIG_LIMITS = {
  nameLength: 63,
  applicationNameLength: 100,
  descriptionLength: 500,
  messageLength: 500,
  applications: 100,
  configurations: 500,
  environments: 20,
  /** Of one configuration. */
  variants: 50,
  metrics: 50,
  noteLength: 2000,
} as const;

/** The variant that a configuration begins with, and the environments that a project's first configuration brings. */
export const FIRST_VARIANT = "default";
export const FIRST_ENVIRONMENTS = [
  { name: "development", protected: false },
  { name: "staging", protected: false },
  { name: "production", protected: true },
] as const;

/** Lower case alone, so that "Production" and "production" cannot be two things. */
export const slugSchema = z
  .string()
  .min(1, "Enter a name")
  .max(CONFIG_LIMITS.nameLength, `Use at most ${CONFIG_LIMITS.nameLength} characters`)
  .regex(
    /^[a-z0-9][a-z0-9._-]*$/,
    "Use lower-case letters, digits, “-”, “_” and “.”, beginning with a letter or digit",
  );

const applicationName = z
  .string()
  .trim()
  .min(1, "Enter a name")
  .max(CONFIG_LIMITS.applicationNameLength, `Use at most ${CONFIG_LIMITS.applicationNameLength} characters`)
  .refine(isStorable, "Leave out what cannot be stored");

const description = z
  .string()
  .trim()
  .max(CONFIG_LIMITS.descriptionLength, `Use at most ${CONFIG_LIMITS.descriptionLength} characters`)
  .refine(isStorable, "Leave out what cannot be stored");

/** Why something was committed or deployed. */
export const messageField = z
  .string()
  .trim()
  .max(CONFIG_LIMITS.messageLength, `Use at most ${CONFIG_LIMITS.messageLength} characters`)
  .refine(isStorable, "Leave out what cannot be stored");

export const authorSchema = z.object({ id: z.string(), name: z.string() });

export const versionRefSchema = z
  .object({
    id: z.string(),
    variant: z.string().meta({ description: "Name of the variant, deleted or not." }),
    version: z.int(),
  })
  .meta({ id: "ConfigVersionRef" });

export const applicationSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    configurations: z.int().meta({ description: "How many it has, archived ones not counted." }),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: "Application" });

export const variantSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    head: z.int().meta({ description: "Its newest version; 0 before the first." }),
    head_id: z.string().nullable(),
    created_by: authorSchema,
    created_at: timestamp,
  })
  .meta({ id: "ConfigVariant" });

export const inForceSchema = z
  .object({
    environment: z.string(),
    deployment_id: z.string(),
    number: z.int(),
    version: versionRefSchema,
    deployed_at: timestamp,
  })
  .meta({ id: "ConfigInForce" });

export const configurationSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    application: z.object({ id: z.string(), name: z.string() }),
    variants: z.array(variantSchema).meta({ description: "Oldest first, without deleted ones." }),
    in_force: z.array(inForceSchema).meta({ description: "What is deployed in each environment, by its name." }),
    created_by: authorSchema,
    created_at: timestamp,
    updated_at: timestamp,
    archived_at: timestamp.nullable(),
  })
  .meta({ id: "Configuration" });

export const createApplicationBody = z.strictObject({ name: applicationName, description: description.default("") });
export const updateApplicationBody = z
  .strictObject({ name: applicationName, description })
  .partial()
  .refine((body) => Object.keys(body).length > 0, "Give `name`, `description` or both");

export const createConfigurationBody = z.strictObject({
  name: slugSchema.meta({ description: "Unique in the project: reservations name it." }),
  application: applicationName.meta({ description: "Name of its application, which is made where there is none." }),
  description: description.default(""),
});
export const updateConfigurationBody = z
  .strictObject({
    description,
    application: applicationName.meta({ description: "Name of the application to move it to." }),
    archived: z.boolean().meta({
      description: "An archived one takes no commits and deployments; what is deployed stays in force.",
    }),
  })
  .partial()
  .refine((body) => Object.keys(body).length > 0, "Give at least one field");

export const createVariantBody = z.strictObject({
  name: slugSchema,
  from: z
    .strictObject({ variant: slugSchema, version: z.int().min(1) })
    .optional()
    .meta({ description: "Begins as a copy of this version; empty unless given." }),
});

export const configParams = projectParams.extend({ config_id: z.string() });
export const variantParams = configParams.extend({
  variant: z.string().meta({ description: "Name of the variant." }),
});
const applicationParams = projectParams.extend({ application_id: z.string() });
const tag = "Configurations";

export const listApplications = defineOperation({
  id: "listApplications",
  method: "GET",
  path: "/projects/{project_id}/applications",
  summary: "Applications, oldest first",
  tag,
  auth: "project",
  params: projectParams,
  query: pageQuery,
  status: 200,
  response: pageOf(applicationSchema),
  errors: ["invalid_cursor"],
});

export const createApplication = defineOperation({
  id: "createApplication",
  method: "POST",
  path: "/projects/{project_id}/applications",
  summary: "Create an application",
  tag,
  auth: "project",
  params: projectParams,
  body: createApplicationBody,
  status: 201,
  response: applicationSchema,
  idempotent: true,
  errors: ["conflict"],
});

export const updateApplication = defineOperation({
  id: "updateApplication",
  method: "PATCH",
  path: "/projects/{project_id}/applications/{application_id}",
  summary: "Rename or describe an application",
  description: "Webhooks that filter by application know it by its name.",
  tag,
  auth: "project",
  params: applicationParams,
  body: updateApplicationBody,
  status: 200,
  response: applicationSchema,
});

export const deleteApplication = defineOperation({
  id: "deleteApplication",
  method: "DELETE",
  path: "/projects/{project_id}/applications/{application_id}",
  summary: "Delete an application without configurations",
  tag,
  auth: "project",
  params: applicationParams,
  status: 204,
  errors: ["conflict"],
});

export const listConfigurations = defineOperation({
  id: "listConfigurations",
  method: "GET",
  path: "/projects/{project_id}/configurations",
  summary: "Configurations by application and name, with what is deployed where",
  tag,
  auth: "project",
  params: projectParams,
  query: pageQuery.extend({
    name: z.string().max(100).optional().meta({ description: "The one of this name." }),
    application: z.string().max(200).optional().meta({ description: "Only those of the application of this name." }),
    archived: z.enum(["true", "false"]).default("false").meta({ description: "true: archived ones as well." }),
  }),
  status: 200,
  response: pageOf(configurationSchema),
  errors: ["invalid_cursor"],
});

export const createConfiguration = defineOperation({
  id: "createConfiguration",
  method: "POST",
  path: "/projects/{project_id}/configurations",
  summary: "Create a configuration",
  description:
    "It has one variant, `default`, without a version. The first of a project brings the environments development, staging and production, the last of which is protected.",
  tag,
  auth: "project",
  params: projectParams,
  body: createConfigurationBody,
  status: 201,
  response: configurationSchema,
  idempotent: true,
  errors: ["conflict"],
});

export const getConfiguration = defineOperation({
  id: "getConfiguration",
  method: "GET",
  path: "/projects/{project_id}/configurations/{config_id}",
  summary: "Read a configuration",
  tag,
  auth: "project",
  params: configParams,
  status: 200,
  response: configurationSchema,
});

export const updateConfiguration = defineOperation({
  id: "updateConfiguration",
  method: "PATCH",
  path: "/projects/{project_id}/configurations/{config_id}",
  summary: "Describe, move or archive a configuration",
  tag,
  auth: "project",
  params: configParams,
  body: updateConfigurationBody,
  status: 200,
  response: configurationSchema,
});

export const listVariants = defineOperation({
  id: "listVariants",
  method: "GET",
  path: "/projects/{project_id}/configurations/{config_id}/variants",
  summary: "Variants of a configuration, oldest first",
  tag,
  auth: "project",
  params: configParams,
  status: 200,
  response: listOf(variantSchema),
});

export const createVariant = defineOperation({
  id: "createVariant",
  method: "POST",
  path: "/projects/{project_id}/configurations/{config_id}/variants",
  summary: "Create a variant, empty or from a version of another one",
  tag,
  auth: "project",
  params: configParams,
  body: createVariantBody,
  status: 201,
  response: variantSchema,
  idempotent: true,
  errors: ["conflict"],
});

export const deleteVariant = defineOperation({
  id: "deleteVariant",
  method: "DELETE",
  path: "/projects/{project_id}/configurations/{config_id}/variants/{variant}",
  summary: "Delete a variant; its versions and deployments stay",
  description: "Never the last one.",
  tag,
  auth: "project",
  params: variantParams,
  query: z.object({
    even_if_deployed: z
      .enum(["true", "false"])
      .default("false")
      .meta({ description: "true: although a version of it is in force somewhere, where it stays in force." }),
  }),
  status: 204,
  errors: ["conflict"],
});

export type Application = z.infer<typeof applicationSchema>;
export type ConfigVariant = z.infer<typeof variantSchema>;
export type ConfigVersionRef = z.infer<typeof versionRefSchema>;
export type ConfigInForce = z.infer<typeof inForceSchema>;
export type Configuration = z.infer<typeof configurationSchema>;
