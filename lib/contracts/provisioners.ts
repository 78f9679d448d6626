import { z } from "zod";
import { isStorable, pageOf, pageQuery, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";
import { secretSchema } from "@/lib/contracts/signing";

/** Somebody's own machines, behind the contract of docs/provisioner.md. */

export const PROVISIONER_LIMITS = { count: 100, nameLength: 100, urlLength: 2048 } as const;

const name = z
  .string()
  .trim()
  .min(1, "Enter a name")
  .max(PROVISIONER_LIMITS.nameLength, `Use at most ${PROVISIONER_LIMITS.nameLength} characters`)
  .refine(isStorable, "Leave out what cannot be stored");

const url = z
  .string()
  .trim()
  .max(PROVISIONER_LIMITS.urlLength, `Use at most ${PROVISIONER_LIMITS.urlLength} characters`)
  .refine((value) => /^https?:\/\//i.test(value) && URL.canParse(value), "Enter a URL that begins with https://");

export const provisionerSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string(),
    pools: z
      .array(z.object({ id: z.string(), name: z.string() }))
      .meta({ description: "Whose machines it runs, by name." }),
    last_seen_at: timestamp.nullable().meta({ description: "When it last answered as it should." }),
    last_error: z.string().nullable().meta({ description: "What was wrong at the last call; null: nothing." }),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: "Provisioner" });

export const provisionerWithSecretSchema = provisionerSchema
  .extend({ secret: z.string().meta({ description: "Shown this once." }) })
  .meta({ id: "ProvisionerWithSecret" });

const ownSecret = secretSchema.optional().meta({ description: "Yours, 16 to 256 characters. Absent: generated." });

export const createProvisionerBody = z.strictObject({ name, url, secret: ownSecret });
export const updateProvisionerBody = z.strictObject({ name, url }).partial();
export const regenerateProvisionerSecretBody = z.strictObject({ secret: ownSecret });

export const provisionerCheckSchema = z
  .object({
    ok: z.boolean(),
    error: z.string().nullable().meta({ description: "What is wrong, in words; null: it answered as it should." }),
    latency_ms: z.int(),
    problems: z
      .array(z.object({ node_name: z.string(), cause: z.string() }))
      .meta({ description: "What it says of nodes in service of its pools." }),
    provisioner: provisionerSchema,
  })
  .meta({ id: "ProvisionerCheck" });

const tag = "Compute";
const params = z.object({ provisioner_id: z.string() });

export const listProvisioners = defineOperation({
  id: "listProvisioners",
  method: "GET",
  path: "/admin/provisioners",
  summary: "Provisioners, newest first",
  tag,
  auth: "admin",
  query: pageQuery,
  status: 200,
  response: pageOf(provisionerSchema),
  errors: ["invalid_cursor"],
});

export const createProvisioner = defineOperation({
  id: "createProvisioner",
  method: "POST",
  path: "/admin/provisioners",
  summary: "Add a provisioner",
  description: "The secret that signs its calls is in the answer and never shown again.",
  tag,
  auth: "admin",
  body: createProvisionerBody,
  status: 201,
  response: provisionerWithSecretSchema,
  idempotent: true,
  errors: ["conflict"],
});

export const getProvisioner = defineOperation({
  id: "getProvisioner",
  method: "GET",
  path: "/admin/provisioners/{provisioner_id}",
  summary: "One provisioner",
  tag,
  auth: "admin",
  params,
  status: 200,
  response: provisionerSchema,
});

export const updateProvisioner = defineOperation({
  id: "updateProvisioner",
  method: "PATCH",
  path: "/admin/provisioners/{provisioner_id}",
  summary: "Rename a provisioner, or change its URL",
  tag,
  auth: "admin",
  params,
  body: updateProvisionerBody,
  status: 200,
  response: provisionerSchema,
});

export const deleteProvisioner = defineOperation({
  id: "deleteProvisioner",
  method: "DELETE",
  path: "/admin/provisioners/{provisioner_id}",
  summary: "Remove a provisioner that no pool has",
  tag,
  auth: "admin",
  params,
  status: 204,
  errors: ["conflict"],
});

export const regenerateProvisionerSecret = defineOperation({
  id: "regenerateProvisionerSecret",
  method: "POST",
  path: "/admin/provisioners/{provisioner_id}/regenerate-secret",
  summary: "Replace the secret that signs its calls",
  description:
    "The new one signs from now on, the old one no more. To have no gap, let the provisioner accept a secret of your own beside the old one first, and give it here.",
  tag,
  auth: "admin",
  params,
  body: regenerateProvisionerSecretBody,
  status: 200,
  response: provisionerWithSecretSchema,
  idempotent: true,
});

export const checkProvisioner = defineOperation({
  id: "checkProvisioner",
  method: "POST",
  path: "/admin/provisioners/{provisioner_id}/check",
  summary: "Call a provisioner now and say how it answers",
  description: "A health call: it starts and stops nothing. `npm run provisioner:check` tries everything.",
  tag,
  auth: "admin",
  params,
  status: 200,
  response: provisionerCheckSchema,
  audit: false,
});

export type Provisioner = z.infer<typeof provisionerSchema>;
export type ProvisionerWithSecret = z.infer<typeof provisionerWithSecretSchema>;
export type ProvisionerCheck = z.infer<typeof provisionerCheckSchema>;
