import { z } from "zod";
import { projectParams } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";
import { SECRET_LIMITS, secretSchema, signingSchema } from "@/lib/contracts/signing";
import { webhookSchema, webhookWithSecretSchema } from "@/lib/contracts/webhooks";

const params = projectParams.extend({ webhook_id: z.string() });
const tag = "Webhooks";
const OVERLAP_RANGE = `A whole number of seconds from 0 to ${SECRET_LIMITS.longestOverlap}`;

export const regenerateSecretBody = z.strictObject({
  overlap_s: z
    .int(OVERLAP_RANGE)
    .min(0, OVERLAP_RANGE)
    .max(SECRET_LIMITS.longestOverlap, OVERLAP_RANGE)
    .default(SECRET_LIMITS.overlap)
    .meta({ description: "Seconds for which the old secret signs on beside the new one. 0: it stops at once." }),
  secret: secretSchema.optional().meta({ description: "Yours. Absent: generated." }),
  signing: signingSchema.optional().meta({ description: "Absent: as before." }),
});

export const regenerateSecret = defineOperation({
  id: "regenerateWebhookSecret",
  method: "POST",
  path: "/projects/{project_id}/webhooks/{webhook_id}/regenerate-secret",
  summary: "Replace the signing secret",
  description:
    "During the overlap every attempt, retries of earlier deliveries included, is signed by the new secret and by the old ones. A webhook without a secret gets one.",
  tag,
  auth: "project",
  params,
  body: regenerateSecretBody,
  status: 200,
  response: webhookWithSecretSchema,
  idempotent: true,
  errors: ["conflict"],
});

export const revokePreviousSecret = defineOperation({
  id: "revokePreviousWebhookSecret",
  method: "DELETE",
  path: "/projects/{project_id}/webhooks/{webhook_id}/previous-secrets/{secret_id}",
  summary: "End the overlap of a replaced secret now",
  tag,
  auth: "project",
  params: params.extend({ secret_id: z.string() }),
  status: 200,
  response: webhookSchema,
  errors: ["conflict"],
});

export const jwksSchema = z
  .object({
    keys: z.array(
      z.object({
        kty: z.literal("OKP"),
        crv: z.literal("Ed25519"),
        x: z.string().meta({ description: "The 32 public bytes, base64url." }),
        kid: z.string().meta({ description: "The key's RFC 7638 thumbprint." }),
        use: z.literal("sig"),
        alg: z.literal("EdDSA"),
      }),
    ),
  })
  .meta({ id: "JsonWebKeySet" });
export type JsonWebKeySet = z.infer<typeof jwksSchema>;

export const getJwks = defineOperation({
  id: "getWebhookJwks",
  method: "GET",
  path: "/webhooks/{webhook_id}/jwks.json",
  summary: "The public keys of a webhook that signs with Ed25519",
  description:
    "RFC 7517 with RFC 8037 keys: the present key first, then replaced ones that still sign. May be cached for 5 minutes. 404 where deliveries are signed with a shared secret.",
  tag,
  auth: "public",
  params: z.object({ webhook_id: z.string() }),
  status: 200,
  response: jwksSchema,
});
