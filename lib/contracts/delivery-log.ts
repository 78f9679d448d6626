import { z } from "zod";
import { projectParams, timestamp } from "@/lib/contracts/common";
import { deliveryFilter } from "@/lib/contracts/deliveries";
import { defineOperation } from "@/lib/contracts/operation";

/**
 * What the log's chart and its bulk actions may cost. `buckets`: columns of a histogram; `counted`: deliveries that one
 * histogram looks at, the newest first; `per_retry`: deliveries that one call sends again.
 */
export const DELIVERY_LOG_LIMITS = { buckets: 120, counted: 500_000, per_retry: 500 } as const;

const tag = "Deliveries";

const bucketSchema = z.object({
  at: timestamp.meta({ description: "Where it begins; it ends where the next one begins." }),
  delivered: z.number().int(),
  failed: z.number().int(),
  pending: z.number().int().meta({ description: "Waiting or under way." }),
  cancelled: z.number().int(),
});

export const deliveryHistogramSchema = z
  .object({
    from: timestamp.meta({ description: "From here on everything is counted." }),
    to: timestamp,
    bucket_s: z.number().int().meta({ description: "Seconds per bucket; buckets begin at multiples of it." }),
    buckets: z.array(bucketSchema).max(DELIVERY_LOG_LIMITS.buckets),
    total: z.number().int().meta({ description: "The sum of all buckets." }),
    complete: z.boolean().meta({
      description: `false: more than ${DELIVERY_LOG_LIMITS.counted} deliveries had to be looked at, and only the newest were. Narrow the time.`,
    }),
  })
  .meta({ id: "DeliveryHistogram" });

export const getDeliveryHistogram = defineOperation({
  id: "getDeliveryHistogram",
  method: "GET",
  path: "/projects/{project_id}/deliveries/histogram",
  summary: "How many deliveries of the log were created when, and what became of them",
  description: `Exact counts for the same filters as the log, in at most ${DELIVERY_LOG_LIMITS.buckets} buckets.`,
  tag,
  auth: "project",
  params: projectParams,
  query: deliveryFilter,
  status: 200,
  response: deliveryHistogramSchema,
});

export const RETRY_SKIPS = ["not_found", "in_progress", "webhook_disabled", "webhook_deleted"] as const;

const retryResultSchema = z
  .object({
    queued: z.number().int().meta({ description: "Put back into the queue; nothing is said about their arrival." }),
    skipped: z.array(z.object({ id: z.string(), reason: z.enum(RETRY_SKIPS) })),
    next_cursor: z
      .string()
      .nullable()
      .meta({ description: "With `filter`: send it as `cursor` to go on with the rest; null: that was all." }),
  })
  .meta({ id: "DeliveryRetryResult" });

export const retryDeliveriesBody = z
  .object({
    delivery_ids: z
      .array(z.string().max(100))
      .min(1)
      .max(DELIVERY_LOG_LIMITS.per_retry)
      .refine((ids) => new Set(ids).size === ids.length, "Name each delivery once.")
      .optional(),
    filter: deliveryFilter
      .strict()
      .optional()
      .meta({ description: "The clauses of the log's query, as text. Give `to`, or new deliveries are retried too." }),
    cursor: z
      .string()
      .max(200)
      .optional()
      .meta({ description: "Only with `filter`: `next_cursor` of the call before." }),
  })
  .strict()
  .refine((body) => (body.delivery_ids === undefined) !== (body.filter === undefined), {
    path: ["delivery_ids"],
    message: "Give either `delivery_ids` or `filter`.",
  })
  .refine((body) => body.cursor === undefined || body.filter !== undefined, {
    path: ["cursor"],
    message: "A cursor belongs to a `filter`.",
  });

export const retryDeliveries = defineOperation({
  id: "retryDeliveries",
  method: "POST",
  path: "/projects/{project_id}/deliveries/retry",
  summary: "Send several deliveries again now",
  description: `As with one delivery; at most ${DELIVERY_LOG_LIMITS.per_retry} in one call. What cannot be sent is skipped with its reason. The answer says that they are queued, not that they arrived.`,
  tag,
  auth: "project",
  params: projectParams,
  body: retryDeliveriesBody,
  status: 202,
  response: retryResultSchema,
  errors: ["invalid_cursor"],
});

export type DeliveryHistogram = z.infer<typeof deliveryHistogramSchema>;
export type DeliveryBucket = z.infer<typeof bucketSchema>;
export type RetryDeliveriesBody = z.output<typeof retryDeliveriesBody>;
export type RetrySkip = (typeof RETRY_SKIPS)[number];
export type RetryResult = z.infer<typeof retryResultSchema>;
