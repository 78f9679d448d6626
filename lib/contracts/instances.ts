import { z } from "zod";
import { isStorable, listOf, pageOf, pageQuery, projectParams, timestamp } from "@/lib/contracts/common";
import { launchTemplateSchema } from "@/lib/contracts/launch-template";
import { micros } from "@/lib/contracts/money";
import { defineOperation } from "@/lib/contracts/operation";
import { requestWebhookSchema } from "@/lib/contracts/request-webhook";

/** What holds for instances; documented in docs/compute.md. */
export const INSTANCE_LIMITS = {
  /** Starts that are tried before it counts as failed. */
  tries: 5,
  /** Minutes after which a machine that is still loading counts as failed. */
  startMinutes: 20,
  /** Minutes before the end of a booking at which its snapshot begins. */
  snapshotLeadMinutes: 10,
  /** Minutes after which a snapshot that its provider accepted and has not finished counts as failed; or not accepted. */
  snapshotMinutes: 60,
  /** Snapshots of one instance that are kept by its project. */
  snapshots: 100,
  /** Steps of its life that are told with it; its log has all of them. */
  steps: 50,
} as const;

export const INSTANCE_STATUSES = ["requested", "starting", "running", "stopping", "stopped", "failed"] as const;
export const instanceStatusSchema = z.enum(INSTANCE_STATUSES).meta({
  description:
    "requested: waits for its GPUs. starting: its machine boots. running: it can be reached. stopping: it lets go of its GPUs. stopped: it has. failed: its machine failed, or could not be started.",
});

export const STOP_REASONS = ["requested", "reservation_ended"] as const;

const name = z.string().min(1).max(100).refine(isStorable, "Leave out what cannot be stored");

export const instanceSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    status: instanceStatusSchema,
    wanted: z.enum(["running", "stopped"]).meta({ description: "What it is to become." }),
    stop_reason: z.enum(STOP_REASONS).nullable(),
    failure: z.string().nullable().meta({ description: "What went wrong last, in words; null while all is well." }),
    reservation_id: z.string(),
    slot: z.int().meta({ description: "Which of its reservation's instances it is, from 0." }),
    pool: z.object({ id: z.string(), name: z.string(), region: z.string(), gpu_type: z.string() }),
    node: z.string(),
    gpu_count: z.int(),
    provider: z.string(),
    external_id: z.string().nullable().meta({ description: "What the provider calls its machine." }),
    config: z.string().nullable(),
    environment: z.string().nullable(),
    config_version_id: z.string().nullable(),
    image: z.string(),
    address: z
      .object({ host: z.string(), port: z.int().nullable(), url: z.string().nullable() })
      .nullable()
      .meta({ description: "Where it can be reached; null unless it runs." }),
    tries: z.int().meta({ description: "Starts that were tried since it was last wanted to run." }),
    running_since: timestamp.nullable(),
    ran_seconds: z.int().meta({ description: "How long it has run, at the moment of the answer." }),
    price_micros_per_hour: micros.meta({ description: "Of all its GPUs, at the price of its reservation." }),
    correlation_id: z.string(),
    revision: z.int().meta({ description: "Counts up with every change." }),
    created_at: timestamp,
    updated_at: timestamp,
    ended_at: timestamp.nullable().meta({ description: "Since when it cannot be started again; null: it can." }),
  })
  .meta({ id: "Instance" });

export const instanceDetailSchema = instanceSchema
  .extend({
    template: launchTemplateSchema.meta({ description: "What it boots." }),
    units: z
      .array(
        z.object({
          unit_id: z.string(),
          node: z.string(),
          lane: z.int(),
          held: z.boolean().meta({ description: "Whether it has the GPU at the moment." }),
        }),
      )
      .meta({ description: "Its GPUs." }),
    life: z
      .array(z.object({ status: instanceStatusSchema, at: timestamp }))
      .meta({ description: `What it became and when, in order; the last ${INSTANCE_LIMITS.steps} steps.` }),
  })
  .meta({ id: "InstanceDetail" });

export const instanceLogSchema = z
  .object({
    id: z.string(),
    at: timestamp,
    level: z.enum(["info", "warning", "error"]),
    message: z.string(),
    details: z.record(z.string(), z.json()),
  })
  .meta({ id: "InstanceLogLine" });

const statuses = z.string().max(200).optional().meta({ description: "One status or several, separated by commas." });

export const instanceQuery = pageQuery.extend({
  status: statuses,
  reservation_id: z.string().max(100).optional(),
});
export const adminInstanceQuery = pageQuery.extend({
  status: statuses,
  pool_id: z.string().max(100).optional(),
  project_id: z.string().max(100).optional(),
});

export const createInstancesBody = z.strictObject({
  reservation_id: z.string().max(100),
  config: name.nullable().optional().meta({ description: "What to boot; the reservation's unless given." }),
  environment: name.nullable().optional(),
  webhook: requestWebhookSchema.optional(),
});

const params = projectParams.extend({ instance_id: z.string() });
const tag = "Instances";

export const listInstances = defineOperation({
  id: "listInstances",
  method: "GET",
  path: "/projects/{project_id}/instances",
  summary: "Instances of the project, newest first",
  tag,
  auth: "project",
  params: projectParams,
  query: instanceQuery,
  status: 200,
  response: pageOf(instanceSchema),
  errors: ["invalid_cursor"],
});

export const getInstance = defineOperation({
  id: "getInstance",
  method: "GET",
  path: "/projects/{project_id}/instances/{instance_id}",
  summary: "Read an instance with its GPUs and what it boots",
  tag,
  auth: "project",
  params,
  status: 200,
  response: instanceDetailSchema,
});

export const listInstanceLogs = defineOperation({
  id: "listInstanceLogs",
  method: "GET",
  path: "/projects/{project_id}/instances/{instance_id}/logs",
  summary: "What happened to an instance, newest first",
  tag,
  auth: "project",
  params,
  query: pageQuery,
  status: 200,
  response: pageOf(instanceLogSchema),
  errors: ["invalid_cursor"],
});

export const listAnyInstanceLogs = defineOperation({
  id: "listAnyInstanceLogs",
  method: "GET",
  path: "/admin/instances/{instance_id}/logs",
  summary: "What happened to an instance of any project, newest first",
  tag,
  auth: "admin",
  params: z.object({ instance_id: z.string() }),
  query: pageQuery,
  status: 200,
  response: pageOf(instanceLogSchema),
  errors: ["invalid_cursor"],
});

export const createInstances = defineOperation({
  id: "createInstances",
  method: "POST",
  path: "/projects/{project_id}/instances",
  summary: "Boot the GPUs of an active reservation anew, maybe with another configuration",
  description:
    "One instance per node. Only while no other instance of the reservation has its GPUs: stop them first. Those that were stopped are ended, and cannot be started again. A reservation that begins gets its instances by itself.",
  tag,
  auth: "project",
  params: projectParams,
  body: createInstancesBody,
  status: 201,
  response: listOf(instanceDetailSchema),
  idempotent: true,
  errors: ["conflict"],
});

export const startInstance = defineOperation({
  id: "startInstance",
  method: "POST",
  path: "/projects/{project_id}/instances/{instance_id}/start",
  summary: "Start an instance again",
  description:
    "One that is stopped or failed, while its reservation is active. Starting one that runs changes nothing.",
  tag,
  auth: "project",
  params,
  status: 200,
  response: instanceDetailSchema,
  errors: ["conflict"],
});

export const stopInstance = defineOperation({
  id: "stopInstance",
  method: "POST",
  path: "/projects/{project_id}/instances/{instance_id}/stop",
  summary: "Stop an instance",
  description:
    "It lets go of its GPUs; what is on its disk is lost unless a snapshot was taken. The reservation goes on, and so does its price. Stopping one that is stopped changes nothing.",
  tag,
  auth: "project",
  params,
  status: 200,
  response: instanceDetailSchema,
  errors: ["conflict"],
});

export const listAllInstances = defineOperation({
  id: "listAllInstances",
  method: "GET",
  path: "/admin/instances",
  summary: "Instances of all projects, newest first",
  tag: "Admin",
  auth: "admin",
  query: adminInstanceQuery,
  status: 200,
  response: pageOf(
    instanceSchema.extend({ project: z.object({ id: z.string(), name: z.string() }) }).meta({ id: "AdminInstance" }),
  ),
  errors: ["invalid_cursor"],
});

export type InstanceStatus = (typeof INSTANCE_STATUSES)[number];
export type StopReason = (typeof STOP_REASONS)[number];
export type Instance = z.infer<typeof instanceSchema>;
export type InstanceDetail = z.infer<typeof instanceDetailSchema>;
export type LifeStep = InstanceDetail["life"][number];
export type InstanceLogLine = z.infer<typeof instanceLogSchema>;
export type AdminInstance = z.infer<typeof listAllInstances.response>["data"][number];
