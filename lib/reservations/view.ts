import type { NameOf } from "@/lib/accounts/names";
import { topologySchema } from "@/lib/contracts/availability";
import { toJsonMicros } from "@/lib/contracts/money";
import { type Price, priceSchema } from "@/lib/contracts/pricing";
import type { Reservation } from "@/lib/contracts/reservations";
import { reservationStatusSchema } from "@/lib/contracts/reservations";
import type { Prisma, Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { readParts, toSegments } from "@/lib/reservations/segments";

/** What a reservation is shown with. */
export const shownWith = {
  pool: { include: { gpuType: true } },
  allocations: { include: { unit: { include: { node: true } } } },
} satisfies Prisma.ReservationInclude;

/** The part of it that is needed. */
export type ShownRow = ReservationRow & {
  pool: { id: string; name: string; region: string; gpuType: { name: string } };
  allocations: { startsAt: Date; endsAt: Date; unit: { id: string; lane: number; node: { name: string } } }[];
};

/** @param viewer the id of who asks, for `mine` */
export function presentReservation(row: ShownRow, { viewer, nameOf }: { viewer: string; nameOf: NameOf }): Reservation {
  const { pool } = row;
  return {
    id: row.id,
    status: reservationStatusSchema.parse(row.status),
    title: row.title,
    pool_id: row.poolId,
    pool: { id: pool.id, name: pool.name, region: pool.region, gpu_type: pool.gpuType.name },
    gpu_count: row.gpuCount,
    starts_at: row.startsAt.toISOString(),
    ends_at: row.endsAt.toISOString(),
    segments: toSegments(readParts(row.segments)),
    topology: topologySchema.parse(row.topology),
    pinned: row.pinned,
    config: row.config,
    environment: row.environment,
    snapshot_at_end: row.snapshotAtEnd,
    correlation_id: row.correlationId,
    series_id: row.seriesId,
    quote_id: row.quoteId,
    price: storedPrice(row.price),
    captured_micros: toJsonMicros(row.capturedMicros),
    fees_micros: toJsonMicros(row.feesMicros),
    units: row.allocations
      .map(({ unit, startsAt, endsAt }) => ({
        unit_id: unit.id,
        node: unit.node.name,
        lane: unit.lane,
        starts_at: startsAt.toISOString(),
        ends_at: endsAt.toISOString(),
      }))
      .sort((a, b) => compare(a.node, b.node) || a.lane - b.lane || compare(a.starts_at, b.starts_at)),
    mine: row.createdBy === viewer,
    created_by: { id: row.createdBy, name: nameOf(row.createdBy) },
    hold_expires_at: row.status === "held" ? (row.holdExpiresAt?.toISOString() ?? null) : null,
    started_at: row.startedAt?.toISOString() ?? null,
    ended_at: row.endedAt?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    version: row.version,
  };
}

/** What a `price` column holds. */
export function storedPrice(stored: unknown): Price {
  return priceSchema.parse(stored);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
