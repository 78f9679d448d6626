import { publishArtifact } from "@/lib/artifacts/service";
import { toJsonMicros } from "@/lib/contracts/money";
import type { Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import type { Scene } from "@/lib/reservations/scene";
import { readParts, toSegments } from "@/lib/reservations/segments";

type Unit = { unit_id: string; node: string; starts_at: Date; ends_at: Date };

/**
 * Publishes what a reservation came to as an artifact of its workflow, from which processors make reports: usage is built
 * in. In the transaction that ends it.
 */
export async function publishEnded({ tx }: Pick<Scene, "tx">, row: ReservationRow): Promise<void> {
  const units = await tx.$queryRaw<Unit[]>`
    SELECT a.unit_id, n.name AS node, a.starts_at, a.ends_at
      FROM allocation a JOIN unit u ON u.id = a.unit_id JOIN node n ON n.id = u.node_id
     WHERE a.reservation_id = ${row.id} ORDER BY n.name, u.lane, a.starts_at`;
  const [names] = await tx.$queryRaw<[{ pool: string; gpu_type: string }]>`
    SELECT p.name AS pool, t.name AS gpu_type FROM pool p JOIN gpu_type t ON t.id = p.gpu_type_id WHERE p.id = ${row.poolId}`;
  await publishArtifact(tx, {
    projectId: row.projectId,
    by: "system",
    correlationId: row.correlationId,
    kind: "reservation",
    type: "reservation.ended",
    payload: {
      reservation_id: row.id,
      title: row.title,
      pool_id: row.poolId,
      ...names,
      gpu_count: row.gpuCount,
      starts_at: row.startsAt.toISOString(),
      ends_at: row.endsAt.toISOString(),
      started_at: row.startedAt?.toISOString() ?? null,
      ended_at: row.endedAt?.toISOString() ?? null,
      segments: toSegments(readParts(row.segments)),
      total_micros: toJsonMicros(row.totalMicros),
      captured_micros: toJsonMicros(row.capturedMicros),
      fees_micros: toJsonMicros(row.feesMicros),
      units: units.map(({ starts_at, ends_at, ...unit }) => ({
        ...unit,
        starts_at: starts_at.toISOString(),
        ends_at: ends_at.toISOString(),
      })),
    },
    producedBy: "reservations",
  });
}
