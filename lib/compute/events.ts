import { publishArtifact } from "@/lib/artifacts/service";
import type { Tx } from "@/lib/db/transaction";
import type { Instance as InstanceRow, Snapshot as SnapshotRow } from "@/lib/generated/prisma/client";
import { emit } from "@/lib/webhooks/emit";

export type InstanceEvent = "instance.started" | "instance.stopped" | "instance.failed";

/** Emits an event of an instance as it stands, in the same transaction. */
export async function emitInstance(tx: Tx, row: InstanceRow, type: InstanceEvent, now: Date): Promise<void> {
  const [names] = await tx.$queryRaw<[{ gpu_type: string; node: string }]>`
    SELECT t.name AS gpu_type, n.name AS node
      FROM pool p JOIN gpu_type t ON t.id = p.gpu_type_id JOIN node n ON n.id = ${row.nodeId}
     WHERE p.id = ${row.poolId}`;
  const ran = { ran_seconds: Number(row.ranMs / 1000n) };
  await emit(tx, row.projectId, {
    type,
    data: {
      instance_id: row.id,
      reservation_id: row.reservationId,
      gpu_type: names.gpu_type,
      gpu_count: row.gpuCount,
      node: names.node,
      ...(type === "instance.stopped" && { reason: row.stopReason ?? "requested", ...ran }),
      ...(type === "instance.failed" && { failure: row.failure, ...ran }),
    },
    ...common(row, now),
  });
}

/** Tells that a snapshot is there, and publishes it as an artifact, of which a manifest with checksums is made. */
export async function emitSnapshot(tx: Tx, row: SnapshotRow, instance: InstanceRow, now: Date): Promise<void> {
  await emit(tx, row.projectId, {
    type: "snapshot.completed",
    data: {
      snapshot_id: row.id,
      instance_id: row.instanceId,
      reservation_id: instance.reservationId,
      name: row.name,
      trigger: row.trigger,
      size_bytes: Number(row.sizeBytes ?? 0n),
    },
    ...common({ ...instance, correlationId: row.correlationId }, now),
  });
  await publishArtifact(tx, {
    projectId: row.projectId,
    by: row.createdBy,
    correlationId: row.correlationId,
    kind: instance.reservationId === null ? "instance" : "reservation",
    type: "snapshot.completed",
    payload: {
      snapshot_id: row.id,
      instance_id: row.instanceId,
      reservation_id: instance.reservationId,
      name: row.name,
      trigger: row.trigger,
      location: row.location,
      size_bytes: Number(row.sizeBytes ?? 0n),
      checksums: row.checksums,
    },
    producedBy: "compute",
  });
}

function common(
  { correlationId, environment, application }: Pick<InstanceRow, "correlationId" | "environment" | "application">,
  now: Date,
) {
  return {
    source: "platform" as const,
    occurredAt: now,
    correlationId,
    ...(environment !== null && { environment }),
    ...(application !== null && { application }),
  };
}
