import { z } from "zod";
import { projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";

/** How far the last success is looked for, in deliveries of the same webhook, and how much of a comparison is told. */
export const DIFF_LIMITS = {
  /** Looked through before the attempt, and once more before the webhook began to fail. */
  deliveries: 1000,
  /** Changes per section; the rest is only counted. */
  changes: 200,
  /** Characters of a value that is told. */
  valueLength: 2000,
} as const;

/** Why an attempt did not deliver: `http_status` when an answer came that was not 2xx, else what kept one from coming. */
export const ATTEMPT_ERROR_CODES = [
  "http_status",
  "address_blocked",
  "dns_failed",
  "connect_failed",
  "connect_timeout",
  "tls_failed",
  "timeout",
  "connection_reset",
  "protocol_error",
  "invalid_request",
  "shutdown",
  "secret_unreadable",
] as const;

const tag = "Deliveries";
const deliveryParams = projectParams.extend({ delivery_id: z.string() });
const attemptParams = deliveryParams.extend({
  number: z.coerce.number().int().min(1).max(100_000).meta({ description: "The attempt's number, from 1." }),
});

export const curlSchema = z
  .object({
    command: z.string().meta({ description: "For a POSIX shell." }),
    valid_until: timestamp.nullable().meta({
      description: "When receivers begin to refuse the signature as too old; null when the webhook does not sign.",
    }),
    placeholders: z.array(z.string()).meta({
      description: "Headers whose values are credentials: `<name>` stands in their place, to be filled in.",
    }),
  })
  .meta({ id: "DeliveryCurl" });

export const createDeliveryCurl = defineOperation({
  id: "createDeliveryCurl",
  method: "POST",
  path: "/projects/{project_id}/deliveries/{delivery_id}/curl",
  summary: "A curl command that sends a delivery again, signed now",
  description:
    "Signed with the webhook's secret and the time of the call, so that a receiver that checks both accepts it for five minutes. The secret itself is not in it. Nothing is sent and nothing is recorded.",
  tag,
  auth: "project",
  params: deliveryParams,
  status: 200,
  response: curlSchema,
  errors: ["conflict"],
});

export const getResponseBody = defineOperation({
  id: "getAttemptResponse",
  method: "GET",
  path: "/projects/{project_id}/deliveries/{delivery_id}/attempts/{number}/response",
  summary: "Download the body that a receiver answered, as far as it is stored",
  description: "Byte for byte, at most the first 64 KiB, and always as an attachment.",
  tag,
  auth: "project",
  params: attemptParams,
  status: 200,
  contentType: "application/octet-stream",
});

export const getRequestBody = defineOperation({
  id: "getAttemptRequest",
  method: "GET",
  path: "/projects/{project_id}/deliveries/{delivery_id}/attempts/{number}/request",
  summary: "Download the body that was sent",
  description: "Byte for byte as it was signed, and always as an attachment.",
  tag,
  auth: "project",
  params: attemptParams,
  status: 200,
  contentType: "application/octet-stream",
});

export const CHANGE_KINDS = ["added", "removed", "changed", "expected"] as const;

export const changeSchema = z
  .object({
    path: z.string().meta({ description: "What differs: a header, a place in a body, a phase." }),
    before: z.string().nullable().meta({ description: "At the last success; null when it was not there." }),
    after: z.string().nullable().meta({ description: "At this attempt; null when it is not there." }),
    kind: z.enum(CHANGE_KINDS).meta({
      description: "`expected`: differs from one delivery to the next anyway, as ids, times and signatures do.",
    }),
  })
  .meta({ id: "AttemptChange" });

export const attemptDiffSchema = z
  .object({
    baseline: z
      .object({
        delivery_id: z.string(),
        number: z.number().int(),
        started_at: timestamp,
        event_type: z.string(),
        http_status: z.number().int(),
      })
      .nullable()
      .meta({ description: "The last success; null when none was found near enough." }),
    sections: z.array(
      z.object({
        name: z.enum(["request", "response", "timings"]),
        changes: z.array(changeSchema),
        left_off: z.number().int().meta({ description: "Further changes that are not listed." }),
      }),
    ),
  })
  .meta({ id: "AttemptDiff" });

export const getAttemptDiff = defineOperation({
  id: "getAttemptDiff",
  method: "GET",
  path: "/projects/{project_id}/deliveries/{delivery_id}/attempts/{number}/diff",
  summary: "Compare an attempt with the last success of its webhook",
  description: `The last attempt before this one that was answered with 2xx, of the same event type if there is one, is looked for among the webhook's last ${DIFF_LIMITS.deliveries} deliveries and the last ${DIFF_LIMITS.deliveries} before it began to fail.`,
  tag,
  auth: "project",
  params: attemptParams,
  status: 200,
  response: attemptDiffSchema,
});

export type DeliveryCurl = z.infer<typeof curlSchema>;
export type AttemptChange = z.infer<typeof changeSchema>;
export type AttemptDiff = z.infer<typeof attemptDiffSchema>;
export type DiffSection = AttemptDiff["sections"][number];
