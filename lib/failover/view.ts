import { type Failover, failoverSchema } from "@/lib/contracts/failovers";
import type { Failover as FailoverRow } from "@/lib/generated/prisma/client";

/** @param pools those that failovers name, by id */
export function presentFailover(row: FailoverRow, pools: ReadonlyMap<string, { id: string; name: string }>): Failover {
  const gap = row.recoveredAt && Math.ceil((row.recoveredAt.getTime() - row.failedAt.getTime()) / 1000);
  const poolOf = (id: string) => pools.get(id) ?? { id, name: "" };
  return failoverSchema.parse({
    id: row.id,
    status: row.status,
    way: row.way,
    cause: row.cause,
    reservation_id: row.reservationId,
    pool: poolOf(row.poolId),
    to_pool: row.toPoolId === null ? null : poolOf(row.toPoolId),
    instance_id: row.instanceId,
    replacement_id: row.replacementId,
    from_node: row.fromNode,
    to_node: row.toNode,
    gpu_count: row.fromUnits.length,
    failed_at: row.failedAt.toISOString(),
    recovered_at: row.recoveredAt?.toISOString() ?? null,
    gap_seconds: gap,
    sla: row.sla,
    alternatives: row.alternatives,
    drill_id: row.drillId,
    timeline: row.timeline,
    created_at: row.createdAt.toISOString(),
  });
}
