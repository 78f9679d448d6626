import { toJsonMicros } from "@/lib/contracts/money";
import { afterCommit, type Tx } from "@/lib/db/transaction";
import type { Reservation as ReservationRow } from "@/lib/generated/prisma/client";
import { announceCredits, announcePools, announceReservations } from "@/lib/live/channel";
import type { Scene } from "@/lib/reservations/scene";
import { readParts, toSegments } from "@/lib/reservations/segments";
import { emit } from "@/lib/webhooks/emit";

export type ReservationEvent =
  | "reservation.created"
  | "reservation.confirmed"
  | "reservation.updated"
  | "reservation.cancelled"
  | "reservation.started"
  | "reservation.ending"
  | "reservation.ended"
  | "reservation.waitlist_offered";

/** Emits an event of a reservation as it stands, in the same transaction. @param extra what this type adds to `data` */
export async function emitReservation(
  { tx, now }: Pick<Scene, "tx" | "now">,
  type: ReservationEvent,
  row: ReservationRow,
  extra: Record<string, unknown> = {},
): Promise<void> {
  const pool = await namesOf(tx, row.poolId);
  await emit(tx, row.projectId, {
    type,
    data: {
      reservation_id: row.id,
      status: row.status,
      title: row.title,
      pool_id: row.poolId,
      pool: pool.name,
      gpu_type: pool.gpu_type,
      gpu_count: row.gpuCount,
      starts_at: row.startsAt.toISOString(),
      ends_at: row.endsAt.toISOString(),
      segments: toSegments(readParts(row.segments)),
      topology: row.topology,
      config: row.config,
      total_micros: toJsonMicros(row.totalMicros),
      version: row.version,
      ...extra,
    },
    source: "platform",
    occurredAt: now,
    correlationId: row.correlationId,
    ...(row.environment !== null && { environment: row.environment }),
  });
}

type PoolNames = { name: string; gpu_type: string };

/** What a transaction has asked for once: most changes emit two events. */
const asked = new WeakMap<Tx, Map<string, PoolNames>>();

async function namesOf(tx: Tx, poolId: string): Promise<PoolNames> {
  const known = asked.get(tx)?.get(poolId);
  if (known) return known;
  const [names] = await tx.$queryRaw<[PoolNames]>`
    SELECT p.name, t.name AS gpu_type FROM pool p JOIN gpu_type t ON t.id = p.gpu_type_id WHERE p.id = ${poolId}`;
  asked.set(tx, (asked.get(tx) ?? new Map()).set(poolId, names));
  return names;
}

/** After the commit: consoles of the project read these reservations and its credits again, all consoles these pools. */
export function announceChange(
  { tx }: Pick<Scene, "tx">,
  { projectId, ids, poolIds = [], credits = false }: Announced,
): void {
  afterCommit(tx, () => {
    announceReservations(projectId, ids);
    announcePools(poolIds);
    if (credits) announceCredits(projectId);
  });
}

type Announced = { projectId: string; ids: string[]; poolIds?: string[]; credits?: boolean };
