import { z } from "zod";
import { offerSchema } from "@/lib/contracts/availability";
import { isStorable, pageOf, pageQuery, projectParams, timestamp } from "@/lib/contracts/common";
import { micros } from "@/lib/contracts/money";
import { defineOperation } from "@/lib/contracts/operation";

/** What holds for failovers; documented in docs/failover.md. */
export const FAILOVER_LIMITS = {
  /** Places in which a replacement is tried to be started before it is given up. */
  places: 3,
} as const;

export const FAILOVER_WAYS = ["spare", "repack", "substitute", "none"] as const;
export const FAILOVER_STATUSES = ["recovering", "recovered", "ended"] as const;

export const failoverWaySchema = z.enum(FAILOVER_WAYS).meta({
  description:
    "spare: to free GPUs of the pool, its reserve among them. repack: the same, after bookings that had not begun made room. substitute: to another pool that is as good, at the same price. none: there was no room anywhere, the rest of its price came back in full; or it could not be started in any of its places, and the booking keeps the GPUs of the last.",
});

export const failoverStatusSchema = z.enum(FAILOVER_STATUSES).meta({
  description:
    "recovering: it has its new place and boots there. recovered: it runs again. ended: it came to an end without running again; the timeline says why.",
});

const stepSchema = z.object({ at: timestamp, what: z.string() });

const slaSchema = z
  .object({
    total_micros: micros,
    minutes: z.int().meta({ description: "GPU minutes, each begun minute of each GPU." }),
    rate_micros_per_gpu_hour: micros,
    discount_bps: z.int(),
    multiplier_bps: z.int().meta({ description: "20000 is twice what was paid." }),
    capped: z.boolean().meta({ description: "More would have been due than the booking costs." }),
    grant_id: z.string().nullable().meta({ description: "The credit grant; null where nothing was due." }),
    lines: z.array(
      z.object({
        unit_id: z.string(),
        node: z.string(),
        lane: z.int(),
        starts_at: timestamp,
        ends_at: timestamp,
        minutes: z.int(),
        micros,
      }),
    ),
  })
  .meta({ id: "SlaCredit" });

export const failoverSchema = z
  .object({
    id: z.string(),
    status: failoverStatusSchema,
    way: failoverWaySchema,
    cause: z.string(),
    reservation_id: z.string(),
    pool: z.object({ id: z.string(), name: z.string() }),
    to_pool: z.object({ id: z.string(), name: z.string() }).nullable(),
    instance_id: z.string().nullable(),
    replacement_id: z.string().nullable(),
    from_node: z.string(),
    to_node: z.string().nullable(),
    gpu_count: z.int().meta({ description: "GPUs that left their place." }),
    failed_at: timestamp.meta({ description: "When what ran there was last known to run." }),
    recovered_at: timestamp.nullable(),
    gap_seconds: z.int().nullable(),
    sla: slaSchema.nullable().meta({ description: "What was credited; null while it recovers." }),
    alternatives: z.array(offerSchema).meta({ description: "Only with way none: what could be booked then." }),
    drill_id: z.string().nullable(),
    timeline: z.array(stepSchema),
    created_at: timestamp,
  })
  .meta({ id: "Failover" });

export const adminFailoverSchema = failoverSchema
  .extend({ project: z.object({ id: z.string(), name: z.string() }) })
  .meta({ id: "AdminFailover" });

export const drillReportSchema = z
  .object({
    healed: z.array(
      z.object({
        failover_id: z.string(),
        reservation_id: z.string(),
        project: z.string(),
        way: failoverWaySchema,
        status: failoverStatusSchema,
        from_node: z.string(),
        to_node: z.string().nullable(),
        gpu_count: z.int(),
        gap_seconds: z.int().nullable(),
        sla_micros: micros,
        event_id: z.string().nullable(),
        deliveries: z.int().meta({ description: "Deliveries of its event." }),
        delivered: z.int().meta({ description: "Those that have arrived." }),
      }),
    ),
    moved: z.array(z.string()).meta({ description: "Reservations that had not begun and went to other GPUs." }),
    longest_gap_seconds: z.int(),
    sla_micros: micros,
    did_not_hold: z.array(z.string()).meta({ description: "In words; empty when everything held." }),
    timeline: z.array(stepSchema),
  })
  .meta({ id: "DrillReport" });

export const drillSchema = z
  .object({
    id: z.string(),
    pool: z.object({ id: z.string(), name: z.string() }),
    node: z.object({ id: z.string(), name: z.string() }),
    status: z.enum(["running", "finished"]),
    started_by: z.object({ id: z.string(), name: z.string() }),
    started_at: timestamp,
    finished_at: timestamp.nullable(),
    report: drillReportSchema.meta({ description: "As far as it has come." }),
  })
  .meta({ id: "Drill" });

export const nodeHealthSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    gpu_count: z.int(),
    failed: z.int().meta({ description: "GPUs that are out of order." }),
    cause: z.string().nullable(),
    since: timestamp.nullable(),
    running: z.int().meta({ description: "Instances that run on it." }),
    booked: z.int().meta({ description: "GPUs that bookings have at the moment." }),
    units: z.array(
      z.object({ id: z.string(), lane: z.int(), health: z.enum(["healthy", "failed"]), cause: z.string().nullable() }),
    ),
  })
  .meta({ id: "NodeHealth" });

export const poolHealthSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    gpu_type: z.string(),
    compute_provider: z.string().meta({ description: "Who boots its machines." }),
    nodes: z.int(),
    units: z.int(),
    failed_units: z.int(),
    reserve_units: z.int(),
    reserve_free: z.int().meta({ description: "GPUs of the failover reserve that are free at the moment." }),
    running: z.int(),
    drill_id: z.string().nullable().meta({ description: "Of the drill that is under way." }),
  })
  .meta({ id: "PoolHealth" });

const words = z
  .string()
  .trim()
  .min(1, "Say what is wrong")
  .max(500)
  .refine(isStorable, "Leave out what cannot be stored");

export const setHealthBody = z
  .strictObject({
    health: z.enum(["healthy", "failed"]),
    cause: words.optional().meta({ description: "What is wrong; needed with failed." }),
    unit_ids: z
      .array(z.string().max(100))
      .min(1)
      .max(64)
      .optional()
      .meta({ description: "GPUs of the node; all of them unless given." }),
  })
  .refine(({ health, cause }) => health === "healthy" || cause !== undefined, {
    message: "Say what is wrong",
    path: ["cause"],
  });

export const startDrillBody = z.strictObject({
  pool_id: z.string().max(100),
  node_id: z.string().max(100).optional().meta({ description: "The node with the most GPUs in use unless given." }),
});

const tag = "Failovers";
const filters = {
  status: failoverStatusSchema.optional(),
  reservation_id: z.string().max(100).optional(),
};

export const listFailovers = defineOperation({
  id: "listFailovers",
  method: "GET",
  path: "/projects/{project_id}/failovers",
  summary: "Failovers of the project's reservations, newest first",
  tag,
  auth: "project",
  params: projectParams,
  query: pageQuery.extend(filters),
  status: 200,
  response: pageOf(failoverSchema),
  errors: ["invalid_cursor"],
});

export const listAdminFailovers = defineOperation({
  id: "listAdminFailovers",
  method: "GET",
  path: "/admin/failovers",
  summary: "Failovers of all projects, newest first",
  tag,
  auth: "admin",
  query: pageQuery.extend({
    ...filters,
    pool_id: z.string().max(100).optional(),
    drill_id: z.string().max(100).optional(),
  }),
  status: 200,
  response: pageOf(adminFailoverSchema),
  errors: ["invalid_cursor"],
});

export const listPoolHealth = defineOperation({
  id: "listPoolHealth",
  method: "GET",
  path: "/admin/compute/health",
  summary: "What works and what has failed, by pool",
  tag,
  auth: "admin",
  query: pageQuery,
  status: 200,
  response: pageOf(poolHealthSchema),
  errors: ["invalid_cursor"],
});

export const listNodeHealth = defineOperation({
  id: "listNodeHealth",
  method: "GET",
  path: "/admin/compute/health/{pool_id}",
  summary: "Nodes of a pool with their health, the oldest first",
  tag,
  auth: "admin",
  params: z.object({ pool_id: z.string() }),
  query: pageQuery.extend({
    failed: z.enum(["true"]).optional().meta({ description: "Only nodes on which something failed." }),
  }),
  status: 200,
  response: pageOf(nodeHealthSchema),
  errors: ["invalid_cursor"],
});

export const setNodeHealth = defineOperation({
  id: "setNodeHealth",
  method: "PUT",
  path: "/admin/nodes/{node_id}/health",
  summary: "Mark a node, or some of its GPUs, as failed or healthy",
  description:
    "What failed is sold to nobody, and bookings that have begun on it go elsewhere within seconds. Healthy ends that.",
  tag,
  auth: "admin",
  params: z.object({ node_id: z.string() }),
  body: setHealthBody,
  status: 200,
  response: z.object({ changed: z.int().meta({ description: "GPUs that were otherwise before." }) }),
});

export const startDrill = defineOperation({
  id: "startDrill",
  method: "POST",
  path: "/admin/drills",
  summary: "Let a node of a simulated pool fail, and see what holds",
  description:
    "Bookings on it fail over as they would in earnest: instances are lost, events are sent, time is credited. The node comes back when all is healed. Only in pools whose machines are simulated, one at a time in each.",
  tag,
  auth: "admin",
  body: startDrillBody,
  status: 201,
  response: drillSchema,
  idempotent: true,
  errors: ["conflict"],
});

export const listDrills = defineOperation({
  id: "listDrills",
  method: "GET",
  path: "/admin/drills",
  summary: "Drills, newest first",
  tag,
  auth: "admin",
  query: pageQuery.extend({ pool_id: z.string().max(100).optional() }),
  status: 200,
  response: pageOf(drillSchema),
  errors: ["invalid_cursor"],
});

export const getDrill = defineOperation({
  id: "getDrill",
  method: "GET",
  path: "/admin/drills/{drill_id}",
  summary: "A drill and its report",
  tag,
  auth: "admin",
  params: z.object({ drill_id: z.string() }),
  status: 200,
  response: drillSchema,
});

export type Failover = z.infer<typeof failoverSchema>;
export type AdminFailover = z.infer<typeof adminFailoverSchema>;
export type FailoverWay = (typeof FAILOVER_WAYS)[number];
export type Drill = z.infer<typeof drillSchema>;
export type DrillReport = z.infer<typeof drillReportSchema>;
export type PoolHealth = z.infer<typeof poolHealthSchema>;
export type NodeHealth = z.infer<typeof nodeHealthSchema>;
