import { z } from "zod";
import { isStorable, pageOf, pageQuery, timestamp } from "@/lib/contracts/common";
import { poolParams } from "@/lib/contracts/fleet";
import { movedSchema } from "@/lib/contracts/fleet-admin";
import { defineOperation } from "@/lib/contracts/operation";

export const MAINTENANCE_LIMITS = {
  reasonLength: 200,
  /** Days that one may last. */
  days: 365,
  /** Of one pool that have not ended. */
  perPool: 200,
  /** Nodes or units that one names. */
  named: 1000,
} as const;

export const MAINTENANCE_STATES = ["planned", "under_way", "ended"] as const;

export const maintenanceSchema = z
  .object({
    id: z.string(),
    pool: z.object({ id: z.string(), name: z.string() }),
    reason: z.string(),
    starts_at: timestamp,
    ends_at: timestamp,
    state: z.enum(MAINTENANCE_STATES).meta({ description: "At the moment of the answer." }),
    unit_count: z.int(),
    nodes: z
      .array(z.object({ id: z.string(), name: z.string(), unit_count: z.int() }))
      .meta({ description: "By name, with how many GPUs of each." }),
    created_by: z.object({ id: z.string(), name: z.string() }),
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: "Maintenance" });

const reason = z
  .string()
  .trim()
  .min(1, "Say what for: people see it in the calendar")
  .max(MAINTENANCE_LIMITS.reasonLength, `Use at most ${MAINTENANCE_LIMITS.reasonLength} characters`)
  .refine(isStorable, "Leave out what cannot be stored");
const ids = z.array(z.string().max(100)).min(1, "Name at least one").max(MAINTENANCE_LIMITS.named);
const dryRun = z.boolean().default(false).meta({ description: "Changes nothing; answers 200 with what would happen." });

export const createMaintenanceBody = z
  .strictObject({
    node_ids: ids.optional().meta({ description: "All GPUs of these nodes." }),
    unit_ids: ids.optional().meta({ description: "These GPUs. With neither: the whole pool." }),
    starts_at: timestamp.optional().meta({ description: "Left out: now." }),
    ends_at: timestamp,
    reason,
    dry_run: dryRun,
  })
  .refine(({ node_ids, unit_ids }) => node_ids === undefined || unit_ids === undefined, {
    message: "Give node_ids or unit_ids, not both",
    path: ["unit_ids"],
  });

export const updateMaintenanceBody = z.strictObject({
  starts_at: timestamp.optional(),
  ends_at: timestamp.optional(),
  reason: reason.optional(),
  dry_run: dryRun,
});

export const maintenanceQuery = pageQuery.extend({
  from: timestamp.optional().meta({ description: "Ends after; now, unless given." }),
  to: timestamp.optional().meta({ description: "Starts before." }),
});

const params = poolParams.extend({ maintenance_id: z.string() });
const changedSchema = maintenanceSchema
  .extend(movedSchema.shape)
  .extend({
    reserve_left: z.int().meta({ description: "The fewest GPUs of the failover reserve that stay free meanwhile." }),
  })
  .meta({ id: "ChangedMaintenance" });
const previewSchema = changedSchema
  .omit({ id: true })
  .extend({ dry_run: z.literal(true), id: z.string().nullable() })
  .meta({ id: "MaintenancePreview" });
const tag = "Fleet";

export const listMaintenance = defineOperation({
  id: "listMaintenance",
  method: "GET",
  path: "/maintenance",
  summary: "Maintenance of all pools, by start",
  tag,
  auth: "admin",
  query: maintenanceQuery,
  status: 200,
  response: pageOf(maintenanceSchema),
  errors: ["invalid_cursor"],
});

export const listPoolMaintenance = defineOperation({
  id: "listPoolMaintenance",
  method: "GET",
  path: "/pools/{pool_id}/maintenance",
  summary: "Maintenance of a pool, by start",
  tag,
  auth: "admin",
  params: poolParams,
  query: maintenanceQuery,
  status: 200,
  response: pageOf(maintenanceSchema),
  errors: ["invalid_cursor"],
});

export const createMaintenance = defineOperation({
  id: "createMaintenance",
  method: "POST",
  path: "/pools/{pool_id}/maintenance",
  summary: "Plan maintenance",
  description:
    "Bookings that have not begun move to other GPUs of the pool. When something cannot make room, nothing changes, and the answer says what.",
  tag,
  auth: "admin",
  params: poolParams,
  body: createMaintenanceBody,
  status: 201,
  response: changedSchema,
  dryRunResponse: previewSchema,
  idempotent: true,
  errors: ["capacity_unavailable", "conflict"],
});

export const updateMaintenance = defineOperation({
  id: "updateMaintenance",
  method: "PATCH",
  path: "/pools/{pool_id}/maintenance/{maintenance_id}",
  summary: "Move, extend or shorten maintenance",
  description: "One that has begun keeps its start; one that has ended stays as it was.",
  tag,
  auth: "admin",
  params,
  body: updateMaintenanceBody,
  status: 200,
  response: changedSchema,
  dryRunResponse: previewSchema,
  errors: ["capacity_unavailable", "conflict"],
});

export const endMaintenance = defineOperation({
  id: "endMaintenance",
  method: "DELETE",
  path: "/pools/{pool_id}/maintenance/{maintenance_id}",
  summary: "Call maintenance off",
  description: "Removes one that has not begun; ends one that is under way, now.",
  tag,
  auth: "admin",
  params,
  status: 204,
  errors: ["conflict"],
});

export type Maintenance = z.infer<typeof maintenanceSchema>;
export type ChangedMaintenance = z.infer<typeof changedSchema>;
export type MaintenancePreview = z.infer<typeof previewSchema>;
export type MaintenanceState = (typeof MAINTENANCE_STATES)[number];
