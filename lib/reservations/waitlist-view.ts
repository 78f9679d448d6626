import type { NameOf } from "@/lib/accounts/names";
import { topologySchema } from "@/lib/contracts/availability";
import {
  WAITLIST_LIMITS,
  type WaitlistEntry,
  type WaitlistStatus,
  waitlistCriteriaSchema,
} from "@/lib/contracts/waitlist";
import type { WaitlistEntry as EntryRow, Prisma } from "@/lib/generated/prisma/client";
import { storedPrice } from "@/lib/reservations/view";

/** What the reservation behind an offer is shown with. */
export const offeredWith = { pool: { include: { gpuType: true } } } satisfies Prisma.ReservationInclude;
export type OfferedRow = Prisma.ReservationGetPayload<{ include: typeof offeredWith }>;

/**
 * Where an entry stands by its reservation: confirming that accepts, letting it go ends the offer. The entry's own row
 * follows a moment later; nobody is shown anything in between.
 */
export function statusBy(
  entry: Pick<EntryRow, "status" | "offers">,
  reservation: Pick<OfferedRow, "status" | "holdExpiresAt"> | undefined,
  now: Date,
): WaitlistStatus {
  const status = entry.status as WaitlistStatus;
  if (status !== "offered") return status;
  if (reservation && ["confirmed", "active", "completed"].includes(reservation.status)) return "accepted";
  if (reservation?.status === "held" && reservation.holdExpiresAt && reservation.holdExpiresAt > now) return "offered";
  return entry.offers >= WAITLIST_LIMITS.offers ? "expired" : "waiting";
}

export function presentEntry(
  row: EntryRow,
  {
    reservation,
    viewer,
    nameOf,
    now,
  }: { reservation: OfferedRow | undefined; viewer: string; nameOf: NameOf; now: Date },
): WaitlistEntry {
  const status = statusBy(row, reservation, now);
  const isOffer = status === "offered" && reservation?.holdExpiresAt;
  return {
    id: row.id,
    status,
    criteria: waitlistCriteriaSchema.parse(row.criteria),
    until: row.until.toISOString(),
    offers: row.offers,
    note: status === "waiting" ? row.note : null,
    offer: isOffer ? offerOf(reservation, isOffer) : null,
    reservation_id: status === "offered" || status === "accepted" ? row.reservationId : null,
    mine: row.createdBy === viewer,
    created_by: { id: row.createdBy, name: nameOf(row.createdBy) },
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

function offerOf(reservation: OfferedRow, holdExpiresAt: Date): WaitlistEntry["offer"] {
  return {
    reservation_id: reservation.id,
    hold_expires_at: holdExpiresAt.toISOString(),
    pool_id: reservation.poolId,
    pool_name: reservation.pool.name,
    gpu_type: reservation.pool.gpuType.name,
    gpu_count: reservation.gpuCount,
    topology: topologySchema.parse(reservation.topology),
    starts_at: reservation.startsAt.toISOString(),
    ends_at: reservation.endsAt.toISOString(),
    price: storedPrice(reservation.price),
  };
}
