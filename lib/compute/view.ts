import type { NameOf } from "@/lib/accounts/names";
import { lifeOf } from "@/lib/compute/rows";
import {
  type Instance,
  type InstanceDetail,
  type InstanceLogLine,
  instanceLogSchema,
  instanceStatusSchema,
} from "@/lib/contracts/instances";
import { launchTemplateSchema } from "@/lib/contracts/launch-template";
import { toJsonMicros } from "@/lib/contracts/money";
import { type Snapshot, snapshotSchema } from "@/lib/contracts/snapshots";
import type {
  InstanceLog as InstanceLogRow,
  Instance as InstanceRow,
  Prisma,
  Snapshot as SnapshotRow,
} from "@/lib/generated/prisma/client";

/** What an instance is shown with. */
export const shownWith = {
  pool: { include: { gpuType: true } },
  node: { select: { name: true } },
  units: { include: { unit: { include: { node: true } } } },
} satisfies Prisma.InstanceInclude;

export type ShownInstance = Prisma.InstanceGetPayload<{ include: typeof shownWith }>;

export function presentInstance(row: ShownInstance, now: Date): Instance {
  const { pool } = row;
  const { status, wanted, stopReason, address } = lifeOf(row);
  return {
    id: row.id,
    name: row.name,
    status,
    wanted,
    stop_reason: stopReason,
    failure: row.failure,
    reservation_id: row.reservationId,
    slot: row.slot,
    pool: { id: pool.id, name: pool.name, region: pool.region, gpu_type: pool.gpuType.name },
    node: row.node.name,
    gpu_count: row.gpuCount,
    provider: row.provider,
    external_id: row.externalId,
    config: row.config,
    environment: row.environment,
    config_version_id: row.configVersionId,
    image: launchTemplateSchema.parse(row.template).image,
    address,
    tries: row.tries,
    running_since: row.runningSince?.toISOString() ?? null,
    ran_seconds: Math.floor(ranMs(row, now) / 1000),
    price_micros_per_hour: toJsonMicros(row.priceMicrosPerHour),
    correlation_id: row.correlationId,
    revision: row.revision,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    ended_at: row.endedAt?.toISOString() ?? null,
  };
}

/** @param steps what it became and when, in order */
export function presentDetail(
  row: ShownInstance,
  steps: readonly { status: string; at: Date }[],
  now: Date,
): InstanceDetail {
  return {
    ...presentInstance(row, now),
    template: launchTemplateSchema.parse(row.template),
    units: row.units
      .map(({ unit, releasedAt }) => ({
        unit_id: unit.id,
        node: unit.node.name,
        lane: unit.lane,
        held: releasedAt === null,
      }))
      .sort((a, b) => a.lane - b.lane),
    life: steps.map(({ status, at }) => ({ status: instanceStatusSchema.parse(status), at: at.toISOString() })),
  };
}

/** Milliseconds that it has run until now, all its runs together. */
export function ranMs({ ranMs, runningSince }: Pick<InstanceRow, "ranMs" | "runningSince">, now: Date): number {
  return Number(ranMs) + (runningSince ? Math.max(0, now.getTime() - runningSince.getTime()) : 0);
}

export function presentLog(row: InstanceLogRow): InstanceLogLine {
  const { id, at, level, message, details } = row;
  return instanceLogSchema.parse({ id: String(id), at: at.toISOString(), level, message, details });
}

export type ShownSnapshot = SnapshotRow & { instance: { name: string } };

export function presentSnapshot(row: ShownSnapshot, nameOf: NameOf): Snapshot {
  return snapshotSchema.parse({
    id: row.id,
    instance_id: row.instanceId,
    instance: row.instance.name,
    name: row.name,
    status: row.status,
    trigger: row.trigger,
    location: row.location,
    size_bytes: row.sizeBytes === null ? null : Number(row.sizeBytes),
    checksums: row.checksums,
    failure: row.failure,
    created_by: { id: row.createdBy, name: nameOf(row.createdBy) },
    created_at: row.createdAt.toISOString(),
    completed_at: row.completedAt?.toISOString() ?? null,
  });
}
