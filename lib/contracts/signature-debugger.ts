import { z } from "zod";
import { projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";

export const DEBUGGER_LIMITS = {
  /** Characters. */
  headersLength: 32 * 1024,
  bodyLength: 512 * 1024,
  secretLength: 512,
} as const;

/** What can be wrong with a signed request, by the part of it that is. */
export const FAULTS = {
  headers_missing: "headers",
  headers_malformed: "headers",
  wrong_scheme: "signature",
  wrong_encoding: "signature",
  no_match: "signature",
  id_mismatch: "id",
  timestamp_mismatch: "timestamp",
  timestamp_stale: "timestamp",
  timestamp_ahead: "timestamp",
  secret_missing: "secret",
  secret_wrong: "secret",
  secret_old: "secret",
  secret_prefix: "secret",
  secret_decoded: "secret",
  secret_whitespace: "secret",
  body_reserialised: "body",
  body_newlines: "body",
  body_bom: "body",
  body_charset: "body",
  body_changed: "body",
} as const;
export type FaultCode = keyof typeof FAULTS;
export const FAULT_CODES = Object.keys(FAULTS) as [FaultCode, ...FaultCode[]];

export const DEBUG_STEPS = ["headers", "secret", "body", "id", "signature", "timestamp"] as const;
export type DebugStep = (typeof DEBUG_STEPS)[number];

export const debugSignatureBody = z.strictObject({
  headers: z
    .string()
    .max(DEBUGGER_LIMITS.headersLength)
    .meta({ description: "As received: `name: value` lines, or a JSON object." }),
  body: z.string().max(DEBUGGER_LIMITS.bodyLength).meta({ description: "As the receiver hashed it." }),
  secret: z
    .string()
    .max(DEBUGGER_LIMITS.secretLength)
    .optional()
    .meta({ description: "As the receiver has it, stray characters included. Neither stored nor logged." }),
  webhook_id: z
    .string()
    .max(100)
    .optional()
    .meta({ description: "Check with this webhook's stored secrets as well. Absent: found by X-Webhook-Delivery." }),
  received_at: timestamp.optional().meta({ description: "When it arrived. Now, unless given." }),
});

export const diagnosisSchema = z
  .object({
    valid: z.boolean(),
    faults: z
      .array(z.object({ code: z.enum(FAULT_CODES), title: z.string(), detail: z.string(), mend: z.string() }))
      .meta({ description: "The most telling first; empty when the request is valid." }),
    steps: z.array(
      z.object({
        step: z.enum(DEBUG_STEPS),
        status: z.enum(["ok", "failed", "unknown"]),
        detail: z.string(),
      }),
    ),
    webhook_id: z.string().nullable().meta({ description: "Whose stored secrets were used." }),
  })
  .meta({ id: "SignatureDiagnosis" });
export type SignatureDiagnosis = z.infer<typeof diagnosisSchema>;

export const debugSignature = defineOperation({
  id: "debugSignature",
  method: "POST",
  path: "/projects/{project_id}/webhooks/debug-signature",
  summary: "Tell why a signature does not verify",
  description: "Nothing of what is sent is stored or logged, and no stored secret is shown.",
  tag: "Webhooks",
  auth: "project",
  params: projectParams,
  body: debugSignatureBody,
  // JSON escapes can make the body six times as long.
  bodyLimit: 6 * DEBUGGER_LIMITS.bodyLength,
  audit: false,
  status: 200,
  response: diagnosisSchema,
});
