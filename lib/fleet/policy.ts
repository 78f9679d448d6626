import { type BookingPolicy, bookingPolicySchema, DEFAULT_BOOKING_POLICY } from "@/lib/contracts/booking-policy";
import { db } from "@/lib/db/client";
import type { Tx } from "@/lib/db/transaction";

/** The booking policy in force: the default until an admin saved another. */
export async function readBookingPolicy(client: Tx | typeof db = db): Promise<BookingPolicy> {
  const row = await client.bookingPolicy.findUnique({ where: { id: 1 } });
  return row ? bookingPolicySchema.parse(row.policy) : DEFAULT_BOOKING_POLICY;
}
