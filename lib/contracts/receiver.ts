import { z } from "zod";
import { pageOf, pageQuery, projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";

export const RECEIVER_LIMITS = {
  /** Requests kept per project; older ones are dropped. */
  kept: 200,
  /** Bytes of a request body that are kept. */
  bodyBytes: 512 * 1024,
  /** Bytes of a request body that are read; a longer one is answered with 413 and its signature is not checked. */
  readBytes: 1024 * 1024,
  /** Requests a second to one receiver and one web process; more are answered with 429 and not kept. */
  requestsPerSecond: 200,
  longestDelayMs: 30_000,
  failNext: 1000,
} as const;

const STATUS_RANGE = "A whole number from 200 to 599";
const httpStatus = z.int(STATUS_RANGE).min(200, STATUS_RANGE).max(599, STATUS_RANGE);

export const receiverSchema = z
  .object({
    url: z.string(),
    status: httpStatus,
    delay_ms: z.number().int(),
    fail_next: z.number().int().meta({ description: "How many of the next requests are answered with fail_status." }),
    fail_status: httpStatus,
  })
  .meta({ id: "Receiver" });

export const receiverRequestSchema = z
  .object({
    id: z.string(),
    method: z.string(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
    truncated: z.boolean(),
    answered_status: z.number().int(),
    delay_ms: z.number().int(),
    signature: z.enum(["valid", "invalid", "unsigned", "unknown"]),
    signature_note: z.string().meta({ description: "Why, in words." }),
    event_type: z.string().nullable(),
    delivery_id: z.string().nullable(),
    received_at: timestamp,
  })
  .meta({ id: "ReceiverRequest" });

export const updateReceiverBody = z.strictObject({
  status: httpStatus.optional(),
  delay_ms: wholeNumberTo(RECEIVER_LIMITS.longestDelayMs).optional(),
  fail_next: wholeNumberTo(RECEIVER_LIMITS.failNext).optional(),
  fail_status: httpStatus.optional(),
});

const tag = "Test receiver";

export const getReceiver = defineOperation({
  id: "getReceiver",
  method: "GET",
  path: "/projects/{project_id}/receiver",
  summary: "The project's built-in test receiver",
  tag,
  auth: "project",
  params: projectParams,
  status: 200,
  response: receiverSchema,
});

export const updateReceiver = defineOperation({
  id: "updateReceiver",
  method: "PATCH",
  path: "/projects/{project_id}/receiver",
  summary: "Tell the test receiver how to answer",
  tag,
  auth: "project",
  params: projectParams,
  body: updateReceiverBody,
  status: 200,
  response: receiverSchema,
});

export const listReceiverRequests = defineOperation({
  id: "listReceiverRequests",
  method: "GET",
  path: "/projects/{project_id}/receiver/requests",
  summary: "What the test receiver got, newest first; the last 200 are kept",
  tag,
  auth: "project",
  params: projectParams,
  query: pageQuery,
  status: 200,
  response: pageOf(receiverRequestSchema),
  errors: ["invalid_cursor"],
});

export const clearReceiverRequests = defineOperation({
  id: "clearReceiverRequests",
  method: "DELETE",
  path: "/projects/{project_id}/receiver/requests",
  summary: "Forget what the test receiver got",
  tag,
  auth: "project",
  params: projectParams,
  status: 204,
});

export type Receiver = z.infer<typeof receiverSchema>;
export type ReceiverRequest = z.infer<typeof receiverRequestSchema>;

function wholeNumberTo(largest: number) {
  const range = `A whole number from 0 to ${largest}`;
  return z.int(range).min(0, range).max(largest, range);
}
