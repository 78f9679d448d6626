import type { StoredBookingPolicy } from "@/lib/contracts/booking-policy";
import { DEFAULT_BOOKING_POLICY, storedBookingPolicy } from "@/lib/contracts/booking-policy";
import { computeProviderSchema, type GpuType, type Pool } from "@/lib/contracts/fleet";
import { toJsonMicros } from "@/lib/contracts/money";
import type { GpuType as GpuTypeRow, BookingPolicy as PolicyRow, Pool as PoolRow } from "@/lib/generated/prisma/client";

export function toGpuType(row: GpuTypeRow): GpuType {
  return {
    id: row.id,
    name: row.name,
    memory_gb: row.memoryGb,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

/** What of a pool is counted: nodes and units in service. */
export type PoolCounts = { nodes: number; units: number; largest: number };

export function toPool(row: PoolRow & { gpuType: GpuTypeRow }, counts: PoolCounts): Pool {
  return {
    id: row.id,
    name: row.name,
    gpu_type: { id: row.gpuType.id, name: row.gpuType.name, memory_gb: row.gpuType.memoryGb },
    region: row.region,
    provider: row.provider,
    compute_provider: row.computeProvider === null ? null : computeProviderSchema.parse(row.computeProvider),
    provisioner_id: row.provisionerId,
    granularity_minutes: row.granularityMinutes,
    min_duration_minutes: row.minDurationMinutes,
    max_duration_minutes: row.maxDurationMinutes,
    horizon_days: row.horizonDays,
    buffer_before_minutes: row.bufferBeforeMinutes,
    buffer_after_minutes: row.bufferAfterMinutes,
    reserve_units: row.reserveUnits,
    freeze_minutes: row.freezeMinutes,
    price_micros_per_gpu_hour: toJsonMicros(row.priceMicrosPerGpuHour),
    open: row.open,
    node_count: counts.nodes,
    unit_count: counts.units,
    largest_node: counts.largest,
    version: row.version,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

/** @param row null: nobody has changed the policy yet */
export function toStoredPolicy(row: PolicyRow | null): StoredBookingPolicy {
  return {
    ...(row ? storedBookingPolicy(row.policy) : DEFAULT_BOOKING_POLICY),
    version: row?.version ?? 0,
    updated_at: row?.updatedAt.toISOString() ?? null,
    updated_by: row?.updatedBy ?? null,
  };
}
