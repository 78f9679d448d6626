import { z } from "zod";
import { blockerSchema, offerSchema } from "@/lib/contracts/availability";
import { timestamp } from "@/lib/contracts/common";
import { inTheWaySchema } from "@/lib/contracts/in-the-way";
import { micros } from "@/lib/contracts/money";

/** Every error the API answers: its HTTP status and its title. The code is what clients branch on. */
export const ERRORS = {
  malformed_json: { status: 400, title: "The body is not valid JSON" },
  invalid_cursor: { status: 400, title: "The cursor is not one of this list's" },
  unauthenticated: { status: 401, title: "Sign in or send an API key" },
  invalid_credentials: { status: 401, title: "Wrong e-mail or password" },
  insufficient_credits: { status: 402, title: "Not enough credits" },
  forbidden: { status: 403, title: "Your role or API key does not allow this" },
  cross_site_request: { status: 403, title: "The request came from another site" },
  plan_required: { status: 403, title: "This needs the premium plan" },
  not_found: { status: 404, title: "Not found" },
  method_not_allowed: { status: 405, title: "Method not allowed" },
  conflict: { status: 409, title: "The state does not allow this" },
  version_conflict: { status: 409, title: "Somebody changed it meanwhile" },
  capacity_unavailable: { status: 409, title: "The GPUs are not free" },
  quote_expired: { status: 409, title: "The quoted price no longer stands" },
  already_set_up: { status: 409, title: "This installation is already set up" },
  delivery_in_progress: { status: 409, title: "An attempt is under way" },
  idempotency_in_progress: { status: 409, title: "The first request with this key is still under way" },
  idempotency_answer_lost: { status: 409, title: "It was done, but its answer is lost" },
  gone: { status: 410, title: "No longer available" },
  payload_too_large: { status: 413, title: "The body is too large" },
  unsupported_media_type: { status: 415, title: "Send application/json" },
  validation_failed: { status: 422, title: "Some fields are wrong" },
  idempotency_key_reused: { status: 422, title: "This key was used for another request" },
  rate_limited: { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Something went wrong on our side" },
  unavailable: { status: 503, title: "The database cannot be reached" },
} as const satisfies Record<string, { status: number; title: string }>;

export type ErrorCode = keyof typeof ERRORS;

export const fieldErrorSchema = z
  .object({
    field: z.string().meta({ description: "Path of the field, such as `event_types[0]` or `headers.Host`." }),
    message: z.string(),
  })
  .meta({ id: "FieldError" });

/** Members that some codes add, so that a "no" says what would be a "yes" (RFC 9457, section 3.2). */
export const problemExtras = z.object({
  alternatives: z
    .array(offerSchema)
    .optional()
    .meta({ description: "capacity_unavailable: what can be booked instead." }),
  blockers: z.array(blockerSchema).optional().meta({ description: "capacity_unavailable: what is in the way." }),
  in_the_way: z
    .array(inTheWaySchema)
    .optional()
    .meta({ description: "Only to admins of the installation: what cannot make room, and why." }),
  earliest_starts_at: timestamp.nullable().optional().meta({
    description: "capacity_unavailable: when the same could start first; null: not within the horizon.",
  }),
  shortfall_micros: micros.optional().meta({ description: "insufficient_credits: how much is missing." }),
  changed: z
    .array(z.object({ field: z.string(), was: z.json(), is: z.json() }))
    .optional()
    .meta({ description: "version_conflict: what changed since the version that was sent, as far as it is known." }),
  current_version: z.int().optional().meta({ description: "version_conflict: the version it has now." }),
});

/** RFC 9457 problem details. */
export const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    detail: z.string(),
    code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
    request_id: z.string(),
    errors: z.array(fieldErrorSchema),
    ...problemExtras.shape,
  })
  .meta({ id: "Problem", description: "RFC 9457 problem details." });

export type FieldError = z.infer<typeof fieldErrorSchema>;
export type ProblemExtras = z.infer<typeof problemExtras>;
export type Problem = z.infer<typeof problemSchema>;
