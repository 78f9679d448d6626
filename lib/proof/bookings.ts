import type { Actor } from "@/lib/accounts/actor";
import { joinWaitlistBody } from "@/lib/contracts/waitlist";
import { createThreshold } from "@/lib/costs/thresholds";
import { watchThresholds } from "@/lib/costs/watch";
import { createTestPool } from "@/lib/fleet/testing";
import type { Proofs } from "@/lib/proof/proof";
import { passTime } from "@/lib/reservations/life-cycle";
import { bookHours, cancel, confirm, createCustomer, hour, update } from "@/lib/reservations/testing";
import { joinWaitlist } from "@/lib/reservations/waitlist";
import { nothingSeen, sweepWaitlist } from "@/lib/reservations/waitlist-sweep";

/** What raises the events of reservations and costs. The clock is the test's own: bookings begin hours after T0. */
export const BOOKING_PROOFS: Proofs<"reservation" | "cost"> = {
  "reservation.created": {
    operation: "somebody books GPUs",
    raise: async ({ actor }) => {
      const { id } = await book(actor, { title: "Training" });
      return { reservation_id: id, title: "Training", gpu_count: 2, hold_expires_at: null };
    },
  },
  "reservation.confirmed": {
    operation: "a held booking is confirmed, or one is booked without a hold",
    raise: async ({ actor }) => {
      const { id } = await book(actor, { hold: true });
      await confirm(actor, id, hour(0.1));
      return { reservation_id: id, status: "confirmed" };
    },
  },
  "reservation.updated": {
    operation: "a booking is moved, extended, shrunk or edited, or a part of it is released",
    raise: async ({ actor }) => {
      const { id, version } = await book(actor);
      await update(actor, id, { version, ends_at: hour(12).toISOString() });
      return { reservation_id: id, change: "extended", ends_at: hour(12).toISOString() };
    },
  },
  "reservation.cancelled": {
    operation: "a booking is cancelled, or a hold runs out",
    raise: async ({ actor }) => {
      const { id } = await book(actor);
      await cancel(actor, id, { reason: "The data came late" });
      return { reservation_id: id, cause: "cancelled", reason: "The data came late" };
    },
  },
  "reservation.started": {
    operation: "the life cycle reaches the start of a booking",
    raise: async ({ actor }) => {
      const { id } = await book(actor);
      await passTime({ now: hour(1) });
      return { reservation_id: id, status: "active" };
    },
  },
  "reservation.ending": {
    operation: "the life cycle is 30 minutes, and again 5 minutes, before the end of a booking",
    raise: async ({ actor }) => {
      const { id } = await book(actor);
      await passTime({ now: hour(1) });
      await passTime({ now: hour(9.5) });
      return { reservation_id: id, minutes_left: 30 };
    },
  },
  "reservation.ended": {
    operation: "the life cycle reaches the end of a booking",
    raise: async ({ actor }) => {
      const { id } = await book(actor);
      await passTime({ now: hour(1) });
      await passTime({ now: hour(10) });
      return { reservation_id: id, status: "completed" };
    },
  },
  "reservation.waitlist_offered": {
    operation: "GPUs become free that somebody on the waiting list waits for",
    raise: async ({ actor }) => {
      const pool = await createTestPool({ nodes: 1, lanes: 4 });
      const other = await createCustomer();
      const { id } = await bookHours(other, pool.id, [0, 48], { gpu_count: 4 });
      const wanted = { pool_ids: [pool.id], gpu_count: 4, duration_minutes: 480, finish_by: hour(48).toISOString() };
      const entry = await joinWaitlist(actor, joinWaitlistBody.parse(wanted), hour(0));
      await cancel(other, id);
      await sweepWaitlist(nothingSeen(), { now: hour(0) });
      return { waitlist_entry_id: entry.id, status: "held", starts_at: hour(0).toISOString() };
    },
  },
  "cost.threshold": {
    operation: "the costs of a day, a week or a month reach a threshold that was set",
    raise: async ({ actor }) => {
      const { price } = await book(actor);
      const half = { amount_micros: Math.ceil(price.total_micros / 2), period: "day" } as const;
      const { id } = await createThreshold(actor, half, hour(0));
      await passTime({ now: hour(1) });
      await watchThresholds({ now: hour(8) });
      return { threshold_id: id, period: "day", threshold_micros: half.amount_micros };
    },
  },
};

/** Two GPUs from an hour after T0, for nine hours. */
async function book(actor: Actor, body: Parameters<typeof bookHours>[3] = {}) {
  const pool = await createTestPool();
  return bookHours(actor, pool.id, [1, 10], { gpu_count: 2, ...body });
}
