import { z } from "zod";
import { projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";

export const STATISTICS_LIMITS = {
  /** Buckets of one answer. */
  buckets: 120,
  /** The longest range that can be asked for, in days. */
  rangeDays: 92,
  /** Hours before `to` that are shown when `from` is absent. */
  defaultHours: 24,
} as const;

const milliseconds = z.number().meta({ description: "Milliseconds, within 25 % of the truth." });
const count = z.number().int();

export const trafficSchema = z
  .object({
    delivered: count.meta({ description: "Deliveries that ended delivered." }),
    failed: count.meta({ description: "Deliveries that were given up." }),
    attempts_ok: count,
    attempts_failed: count,
    success_rate: z
      .number()
      .nullable()
      .meta({ description: "The share of attempts that succeeded, 0 to 1; null without attempts." }),
    latency_ms: z
      .object({ p50: milliseconds, p95: milliseconds, p99: milliseconds })
      .nullable()
      .meta({ description: "From the start of an attempt to the end of its answer; null without attempts." }),
    queue_wait_ms: z
      .object({ p50: milliseconds, p95: milliseconds })
      .nullable()
      .meta({ description: "How long attempts lay due before they began; null without attempts." }),
  })
  .meta({ id: "Traffic" });

export const statisticsSchema = z
  .object({
    from: timestamp.meta({ description: "Begin of the first bucket: `from`, rounded down to a whole bucket." }),
    to: timestamp.meta({ description: "End of the last bucket; it may lie ahead, then that bucket is not full yet." }),
    bucket_s: count.meta({ description: "Length of a bucket in seconds: whole minutes, hours or days." }),
    buckets: z
      .array(trafficSchema.extend({ start: timestamp }))
      .max(STATISTICS_LIMITS.buckets)
      .meta({ description: "Oldest first, without gaps: a bucket in which nothing happened has zeros." }),
    totals: trafficSchema.meta({ description: "Of the whole range." }),
    previous: trafficSchema
      .extend({ from: timestamp, to: timestamp })
      .nullable()
      .meta({ description: "The stretch of the same length before; null where it is not kept any more." }),
  })
  .meta({ id: "Statistics" });

export const statisticsQuery = z.object({
  from: timestamp.optional().meta({
    description: `Absent: ${STATISTICS_LIMITS.defaultHours} hours before \`to\`. Older than what is kept: zeros.`,
  }),
  to: timestamp.optional().meta({ description: "Absent: now." }),
});

const tag = "Statistics";
const description = `At most ${STATISTICS_LIMITS.buckets} buckets over at most ${STATISTICS_LIMITS.rangeDays} days. What is older than 3 hours is kept by the quarter of an hour, what is older than 50 hours by the hour; buckets are never finer than that.`;

export const getWebhookStatistics = defineOperation({
  id: "getWebhookStatistics",
  method: "GET",
  path: "/projects/{project_id}/webhooks/{webhook_id}/statistics",
  summary: "What a webhook got over time, how well and how fast",
  description,
  tag,
  auth: "project",
  params: projectParams.extend({ webhook_id: z.string() }),
  query: statisticsQuery,
  status: 200,
  response: statisticsSchema,
});

export const getProjectStatistics = defineOperation({
  id: "getProjectStatistics",
  method: "GET",
  path: "/projects/{project_id}/statistics",
  summary: "The same over all webhooks of the project",
  description,
  tag,
  auth: "project",
  params: projectParams,
  query: statisticsQuery,
  status: 200,
  response: statisticsSchema,
});

export type Traffic = z.infer<typeof trafficSchema>;
export type Statistics = z.infer<typeof statisticsSchema>;
export type StatisticsQuery = z.output<typeof statisticsQuery>;
