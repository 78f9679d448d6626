import type { Administrator } from "@/lib/accounts/admin";
import {
  type BookingPolicy,
  DEFAULT_BOOKING_POLICY,
  type StoredBookingPolicy,
  storedBookingPolicy,
} from "@/lib/contracts/booking-policy";
import { db } from "@/lib/db/client";
import { type Tx, transaction } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { toStoredPolicy } from "@/lib/fleet/view";
import { log } from "@/lib/log";

/** The booking policy in force: the default until an admin saved another. */
export async function readBookingPolicy(client: Tx | typeof db = db): Promise<BookingPolicy> {
  const row = await client.bookingPolicy.findUnique({ where: { id: 1 } });
  return row ? storedBookingPolicy(row.policy) : DEFAULT_BOOKING_POLICY;
}

/**
 * Replaces the booking policy as a whole. Bookings that exist keep their price; refunds follow the new ladder at once.
 * @param body with the version that was read, 0 for the default
 * @throws AppError "version_conflict" with what is in force now
 */
export async function updatePolicy(
  { subject }: Administrator,
  { version, ...policy }: BookingPolicy & { version: number },
): Promise<StoredBookingPolicy> {
  const stored = await transaction(async (tx) => {
    // There is no row to lock before the first change.
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('booking policy', 0))`;
    const row = await tx.bookingPolicy.findUnique({ where: { id: 1 } });
    const current = row?.version ?? 0;
    if (current !== version) {
      throw new AppError(
        "version_conflict",
        "Somebody changed the booking policy meanwhile. Read it again and repeat your change.",
        { extras: { current_version: current } },
      );
    }
    const data = { policy, version: current + 1, updatedBy: subject.id };
    return tx.bookingPolicy.upsert({ where: { id: 1 }, create: { id: 1, ...data }, update: data });
  });
  log.info({ by: subject.id, version: stored.version }, "an administrator changed the booking policy");
  return toStoredPolicy(stored);
}
