import { z } from "zod";
import { pageOf, pageQuery, timestamp } from "@/lib/contracts/common";
import { deliveryQuery, deliverySchema } from "@/lib/contracts/deliveries";
import { defineOperation } from "@/lib/contracts/operation";
import { webhookSchema } from "@/lib/contracts/webhooks";

/** What reaches beyond one project: for whoever runs the installation. */

export const ADMIN_LIMITS = {
  /** Days of retention that a clean-up may be given. */
  leastDays: 1,
  mostDays: 3650,
  /** The figures of the queue are counted up to here: reading them may never take long. */
  counted: 100_000,
} as const;

export const fileErrorSchema = z
  .object({
    line: z.number().int().nullable().meta({ description: "null: the file as a whole." }),
    field: z.string(),
    message: z.string(),
  })
  .meta({ id: "WebhooksFileError" });

export const syncResultSchema = z
  .object({
    loaded: z.number().int().meta({ description: "Webhooks in the file." }),
    created: z.number().int(),
    updated: z.number().int(),
    removed: z.number().int(),
    unchanged: z.number().int(),
  })
  .meta({ id: "WebhooksFileResult" });

export const webhooksFileSchema = z
  .object({
    path: z.string(),
    last_load: z
      .object({
        at: timestamp,
        host: z.string().meta({ description: "The machine that read it." }),
        trigger: z.enum(["start", "signal", "change", "admin"]),
        errors: z.array(fileErrorSchema).meta({ description: "Empty: it is in force." }),
        applied_at: timestamp.nullable().meta({ description: "When it was last put into force." }),
        result: syncResultSchema.nullable().meta({ description: "What that changed." }),
      })
      .nullable()
      .meta({ description: "null: no process has found a file yet." }),
  })
  .meta({ id: "WebhooksFile" });

export const adminWebhookSchema = webhookSchema
  .extend({ project: z.object({ id: z.string(), name: z.string() }) })
  .meta({ id: "AdminWebhook" });

export const adminDeliverySchema = deliverySchema.extend({ project_id: z.string() }).meta({ id: "AdminDelivery" });

export const adminStatusSchema = z
  .object({
    now: timestamp,
    workers: z.array(
      z.object({
        id: z.string(),
        host: z.string(),
        pid: z.number().int(),
        alive: z.boolean().meta({ description: "Whether it was heard of in the last 15 seconds." }),
        started_at: timestamp,
        beat_at: timestamp,
        trouble: z.string().nullable().meta({
          description: "What keeps it from sending, such as a resolver that is silent; null when nothing does.",
        }),
      }),
    ),
    queue: z
      .object({
        waiting: z.number().int().meta({ description: "Not ended, whether due or not." }),
        due: z.number().int(),
        under_way: z.number().int(),
        oldest_due_at: timestamp.nullable(),
        stuck: z.number().int().meta({ description: "What retry-stuck would mend." }),
      })
      .meta({ description: `Counted up to ${ADMIN_LIMITS.counted} each.` }),
    retention_days: z.number().int(),
  })
  .meta({ id: "AdminStatus" });

const tag = "Administration";

const flag = z
  .enum(["true", "false", "1", "0"])
  .default("false")
  .transform((value) => value === "true" || value === "1");

export const reloadWebhooksFile = defineOperation({
  id: "reloadWebhooksFile",
  method: "POST",
  path: "/admin/webhooks/reload",
  summary: "Read the webhooks' file again",
  description:
    "A file with a mistake is refused as a whole with every mistake named, and what was in force stays so. Read by the process that answers; every process should see the same file.",
  tag,
  auth: "admin",
  query: z.object({
    reenable: flag.meta({
      description: "Also enable webhooks of the file that were disabled automatically (they failed, or answered 410).",
    }),
  }),
  status: 200,
  response: syncResultSchema.extend({ errors: z.array(fileErrorSchema).meta({ description: "Always empty." }) }),
});

export const listAdminEndpoints = defineOperation({
  id: "listAdminEndpoints",
  method: "GET",
  path: "/admin/webhooks/endpoints",
  summary: "The webhooks of the whole installation, newest first, and the state of the webhooks' file",
  tag,
  auth: "admin",
  query: pageQuery.extend({
    source: z.enum(["console", "file"]).optional(),
    project_id: z.string().max(100).optional(),
  }),
  status: 200,
  response: pageOf(adminWebhookSchema).extend({ file: webhooksFileSchema }),
  errors: ["invalid_cursor"],
});

export const listAdminDeliveries = defineOperation({
  id: "listAdminDeliveries",
  method: "GET",
  path: "/admin/webhooks/deliveries",
  summary: "The delivery log of the whole installation, newest first",
  tag,
  auth: "admin",
  query: deliveryQuery.extend({ project_id: z.string().max(100).optional() }),
  status: 200,
  response: pageOf(adminDeliverySchema),
  errors: ["invalid_cursor"],
});

export const cleanUpDeliveries = defineOperation({
  id: "cleanUpDeliveries",
  method: "POST",
  path: "/admin/webhooks/cleanup",
  summary: "Remove what is older than so many days",
  description:
    "What the daily clean-up does at 03:00 UTC, now. Events with their deliveries and attempts go together; an event with a delivery that has not ended stays.",
  tag,
  auth: "admin",
  query: z.object({
    days: z.coerce
      .number()
      .int()
      .min(ADMIN_LIMITS.leastDays)
      .max(ADMIN_LIMITS.mostDays)
      .optional()
      .meta({ description: "RETENTION_DAYS unless told." }),
    dry_run: flag.meta({ description: "Only count the events, and remove nothing." }),
  }),
  status: 200,
  response: z.object({
    dry_run: z.boolean(),
    days: z.number().int(),
    before: timestamp,
    removed: z
      .record(z.string(), z.number().int())
      .meta({ description: "Rows by kind. In a dry run: the events that would be removed." }),
  }),
});

export const retryStuck = defineOperation({
  id: "retryStuckDeliveries",
  method: "POST",
  path: "/admin/webhooks/retry-stuck",
  summary: "Bring back deliveries that nothing else would",
  description: "What happens by itself every 5 minutes, now.",
  tag,
  auth: "admin",
  status: 200,
  response: z.object({
    cancelled: z.number().int().meta({ description: "Their webhook was deleted." }),
    resumed: z.number().int().meta({ description: "They had lost their due time and are sent now." }),
  }),
});

export const getAdminStatus = defineOperation({
  id: "getAdminStatus",
  method: "GET",
  path: "/admin/status",
  summary: "Workers that are alive, and the queue",
  tag,
  auth: "admin",
  status: 200,
  response: adminStatusSchema,
});

export type FileError = z.infer<typeof fileErrorSchema>;
export type SyncResult = z.infer<typeof syncResultSchema>;
export type WebhooksFile = z.infer<typeof webhooksFileSchema>;
export type AdminWebhook = z.infer<typeof adminWebhookSchema>;
export type AdminDelivery = z.infer<typeof adminDeliverySchema>;
export type AdminStatus = z.infer<typeof adminStatusSchema>;
