import { z } from "zod";
import { listOf, projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";
import { scopeSchema } from "@/lib/contracts/permissions";

export const apiKeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    prefix: z.string().meta({ description: "The first characters of the key." }),
    scopes: z.array(scopeSchema),
    created_by: z.string(),
    created_at: timestamp,
    last_used_at: timestamp.nullable(),
    revoked_at: timestamp.nullable(),
  })
  .meta({ id: "ApiKey" });

export const apiKeyWithSecretSchema = apiKeySchema
  .extend({ key: z.string().meta({ description: "Shown only in this answer." }) })
  .meta({ id: "ApiKeyWithSecret" });

export const createApiKeyBody = z.strictObject({
  name: z.string().trim().min(1, "Enter a name").max(100),
  scopes: z.array(scopeSchema).min(1, "Choose at least one scope"),
});

const tag = "API keys";

export const listApiKeys = defineOperation({
  id: "listApiKeys",
  method: "GET",
  path: "/projects/{project_id}/api-keys",
  summary: "List API keys, revoked ones included",
  tag,
  auth: "project",
  params: projectParams,
  status: 200,
  response: listOf(apiKeySchema),
});

export const createApiKey = defineOperation({
  id: "createApiKey",
  method: "POST",
  path: "/projects/{project_id}/api-keys",
  summary: "Create an API key",
  description:
    "Nobody can give a key more than they may do themselves. The scope `admin` is given by signed-in installation admins only.",
  tag,
  auth: "project",
  params: projectParams,
  body: createApiKeyBody,
  status: 201,
  response: apiKeyWithSecretSchema,
  idempotent: true,
});

export const revokeApiKey = defineOperation({
  id: "revokeApiKey",
  method: "DELETE",
  path: "/projects/{project_id}/api-keys/{key_id}",
  summary: "Revoke an API key at once",
  tag,
  auth: "project",
  params: projectParams.extend({ key_id: z.string() }),
  status: 204,
});

export type ApiKey = z.infer<typeof apiKeySchema>;
export type ApiKeyWithSecret = z.infer<typeof apiKeyWithSecretSchema>;
