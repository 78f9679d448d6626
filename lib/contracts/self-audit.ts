import { z } from "zod";
import { projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";

/** What the daily examination of all bookings and the ledger found. */

const checkSchema = z.object({
  check: z.string().meta({ description: "What must hold." }),
  found: z.int().meta({ description: "How many exceptions there are; 0 is as it should be." }),
});

export const selfAuditSchema = z
  .object({
    ran_at: timestamp,
    found: z.int().meta({ description: "Exceptions to all checks together; 0 is as it should be." }),
    checks: z.array(checkSchema),
  })
  .meta({ id: "SelfAudit" });

export const detailedAuditSchema = selfAuditSchema
  .extend({
    checks: z.array(
      checkSchema.extend({
        examples: z.array(z.string()).meta({ description: "The first exceptions, as the database tells them." }),
      }),
    ),
  })
  .meta({ id: "DetailedSelfAudit" });

export const runSelfAudit = defineOperation({
  id: "runSelfAudit",
  method: "POST",
  path: "/admin/self-audit",
  summary: "Examine all bookings and the ledger now",
  description: "Reads everything in one snapshot, changes nothing but its own record. It also runs every day.",
  tag: "Administration",
  auth: "admin",
  status: 200,
  response: detailedAuditSchema,
});

export const getSelfAudit = defineOperation({
  id: "getSelfAudit",
  method: "GET",
  path: "/projects/{project_id}/self-audit",
  summary: "What the last examination of bookings and credits found",
  description: "Over the whole installation, without saying whose; null before the first one.",
  tag: "Reservations",
  auth: "project",
  params: projectParams,
  status: 200,
  response: z.object({ audit: selfAuditSchema.nullable() }).meta({ id: "LatestSelfAudit" }),
});

export type SelfAudit = z.infer<typeof selfAuditSchema>;
export type DetailedSelfAudit = z.infer<typeof detailedAuditSchema>;
