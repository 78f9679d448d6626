import { z } from "zod";
import { isStorable, pageOf, pageQuery, projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";

export const SNAPSHOT_STATUSES = ["requested", "running", "completed", "failed"] as const;
export const SNAPSHOT_TRIGGERS = ["manual", "before_end"] as const;

export const snapshotSchema = z
  .object({
    id: z.string(),
    instance_id: z.string(),
    instance: z.string().meta({ description: "Name of the instance." }),
    name: z.string(),
    status: z.enum(SNAPSHOT_STATUSES),
    trigger: z.enum(SNAPSHOT_TRIGGERS).meta({ description: "before_end: taken because its reservation ended." }),
    location: z.string().nullable().meta({ description: "Where it can be restored from." }),
    size_bytes: z.int().nullable(),
    checksums: z.record(z.string(), z.string()).meta({ description: "File or layer → `sha256:<hex>`." }),
    failure: z.string().nullable(),
    created_by: z.object({ id: z.string(), name: z.string() }),
    created_at: timestamp,
    completed_at: timestamp.nullable(),
  })
  .meta({ id: "Snapshot" });

export const createSnapshotBody = z.strictObject({
  name: z
    .string()
    .trim()
    .max(100)
    .refine(isStorable, "Leave out what cannot be stored")
    .default("")
    .meta({ description: "For people." }),
});

export const snapshotQuery = pageQuery.extend({
  instance_id: z.string().max(100).optional(),
  status: z.string().max(200).optional().meta({ description: "One status or several, separated by commas." }),
});

const params = projectParams.extend({ instance_id: z.string() });
const tag = "Instances";

export const createSnapshot = defineOperation({
  id: "createSnapshot",
  method: "POST",
  path: "/projects/{project_id}/instances/{instance_id}/snapshots",
  summary: "Take a snapshot of a running instance",
  description: "It is taken in the background; `snapshot.completed` tells when it is stored.",
  tag,
  auth: "project",
  params,
  body: createSnapshotBody,
  status: 201,
  response: snapshotSchema,
  idempotent: true,
  errors: ["conflict"],
});

export const listInstanceSnapshots = defineOperation({
  id: "listInstanceSnapshots",
  method: "GET",
  path: "/projects/{project_id}/instances/{instance_id}/snapshots",
  summary: "Snapshots of an instance, newest first",
  tag,
  auth: "project",
  params,
  query: pageQuery,
  status: 200,
  response: pageOf(snapshotSchema),
  errors: ["invalid_cursor"],
});

export const listSnapshots = defineOperation({
  id: "listSnapshots",
  method: "GET",
  path: "/projects/{project_id}/snapshots",
  summary: "Snapshots of the project, newest first",
  tag,
  auth: "project",
  params: projectParams,
  query: snapshotQuery,
  status: 200,
  response: pageOf(snapshotSchema),
  errors: ["invalid_cursor"],
});

export type Snapshot = z.infer<typeof snapshotSchema>;
export type SnapshotStatus = (typeof SNAPSHOT_STATUSES)[number];
export type SnapshotTrigger = (typeof SNAPSHOT_TRIGGERS)[number];
