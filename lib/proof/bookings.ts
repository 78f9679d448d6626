import type { Actor } from "@/lib/accounts/actor";
import { joinWaitlistBody } from "@/lib/contracts/waitlist";
import { createThreshold } from "@/lib/costs/thresholds";
import { watchThresholds } from "@/lib/costs/watch";
import { createTestPool } from "@/lib/fleet/testing";
import type { Proof } from "@/lib/proof/proof";
import { passTime } from "@/lib/reservations/life-cycle";
import { bookHours, cancel, confirm, createCustomer, hour, release, update } from "@/lib/reservations/testing";
import { joinWaitlist } from "@/lib/reservations/waitlist";
import { nothingSeen, sweepWaitlist } from "@/lib/reservations/waitlist-sweep";

/** What raises the events of reservations and costs, and the artifact at the end. The clock is the test's own: bookings begin hours after T0. */
export const BOOKING_PROOFS: readonly Proof[] = [
  {
    type: "reservation.created",
    operation: "somebody books GPUs",
    raise: async ({ actor }) => {
      const { id } = await book(actor, { title: "Training" });
      return { reservation_id: id, title: "Training", gpu_count: 2, hold_expires_at: null };
    },
  },
  {
    type: "reservation.created",
    operation: "somebody holds GPUs without booking them yet",
    raise: async ({ actor }) => {
      const { id, hold_expires_at } = await book(actor, { hold: true });
      return { reservation_id: id, status: "held", hold_expires_at };
    },
  },
  {
    type: "reservation.confirmed",
    operation: "a held booking is confirmed",
    raise: async ({ actor }) => {
      const { id } = await book(actor, { hold: true });
      await confirm(actor, id, hour(0.1));
      return { reservation_id: id, status: "confirmed" };
    },
  },
  {
    type: "reservation.confirmed",
    operation: "somebody books GPUs without holding them first",
    raise: async ({ actor }) => {
      const { id } = await book(actor);
      return { reservation_id: id, status: "confirmed" };
    },
  },
  {
    type: "reservation.updated",
    operation: "a booking is extended",
    raise: async ({ actor }) => {
      const { id, version } = await book(actor);
      await update(actor, id, { version, ends_at: hour(12).toISOString() });
      return { reservation_id: id, change: "extended", ends_at: hour(12).toISOString() };
    },
  },
  {
    type: "reservation.updated",
    operation: "a booking is moved",
    raise: async ({ actor }) => {
      const { id, version } = await book(actor);
      await update(actor, id, { version, starts_at: hour(3).toISOString(), ends_at: hour(12).toISOString() });
      return { reservation_id: id, change: "moved", starts_at: hour(3).toISOString() };
    },
  },
  {
    type: "reservation.updated",
    operation: "a booking is shrunk",
    raise: async ({ actor }) => {
      const { id, version } = await book(actor);
      await update(actor, id, { version, gpu_count: 1 });
      return { reservation_id: id, change: "shrunk", gpu_count: 1 };
    },
  },
  {
    type: "reservation.updated",
    operation: "a part of a booking is given back",
    raise: async ({ actor }) => {
      const { id, version } = await book(actor);
      const part = { starts_at: hour(4).toISOString(), ends_at: hour(6).toISOString(), gpu_count: 1 };
      await release(actor, id, { version, ...part });
      return { reservation_id: id, change: "released" };
    },
  },
  {
    type: "reservation.updated",
    operation: "the title of a booking is edited",
    raise: async ({ actor }) => {
      const { id, version } = await book(actor);
      await update(actor, id, { version, title: "Evaluation" });
      return { reservation_id: id, change: "edited", title: "Evaluation" };
    },
  },
  {
    type: "reservation.cancelled",
    operation: "a booking is cancelled",
    raise: async ({ actor }) => {
      const { id } = await book(actor);
      await cancel(actor, id, { reason: "The data came late" });
      return { reservation_id: id, cause: "cancelled", reason: "The data came late" };
    },
  },
  {
    type: "reservation.cancelled",
    operation: "a hold runs out",
    raise: async ({ actor }) => {
      const { id } = await book(actor, { hold: true });
      await passTime({ now: hour(0.5) });
      return { reservation_id: id, cause: "hold_expired", reason: null };
    },
  },
  {
    type: "reservation.started",
    operation: "the time comes at which a booking begins",
    raise: async ({ actor }) => {
      const { id } = await book(actor);
      await passTime({ now: hour(1) });
      return { reservation_id: id, status: "active" };
    },
  },
  {
    type: "reservation.ending",
    operation: "a booking ends in 30 minutes",
    raise: async ({ actor }) => {
      const { id } = await book(actor);
      await passTime({ now: hour(1) });
      await passTime({ now: hour(9.5) });
      return { reservation_id: id, minutes_left: 30 };
    },
  },
  {
    type: "reservation.ending",
    operation: "a booking ends in 5 minutes",
    raise: async ({ actor }) => {
      const { id } = await book(actor);
      await passTime({ now: hour(1) });
      await passTime({ now: hour(10 - 5 / 60) });
      return { reservation_id: id, minutes_left: 5 };
    },
  },
  {
    type: "reservation.ended",
    operation: "the time comes at which a booking ends",
    raise: async ({ actor }) => {
      const { id } = await book(actor);
      await passTime({ now: hour(1) });
      await passTime({ now: hour(10) });
      return { reservation_id: id, status: "completed" };
    },
  },
  {
    type: "artifact.published",
    operation: "a booking ends, which is published with what it used",
    raise: async ({ actor }) => {
      await book(actor);
      await passTime({ now: hour(1) });
      await passTime({ now: hour(10) });
      return { type: "reservation.ended", produced_by: "reservations", parent_id: null };
    },
  },
  {
    type: "reservation.waitlist_offered",
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
  {
    type: "cost.threshold",
    operation: "the costs of a day reach a threshold that was set",
    raise: async ({ actor }) => {
      const { price } = await book(actor);
      const half = { amount_micros: Math.ceil(price.total_micros / 2), period: "day" } as const;
      const { id } = await createThreshold(actor, half, hour(0));
      await passTime({ now: hour(1) });
      await watchThresholds({ now: hour(8) });
      return { threshold_id: id, period: "day", threshold_micros: half.amount_micros };
    },
  },
];

/** Two GPUs from an hour after T0, for nine hours. */
async function book(actor: Actor, body: Parameters<typeof bookHours>[3] = {}) {
  const pool = await createTestPool();
  return bookHours(actor, pool.id, [1, 10], { gpu_count: 2, ...body });
}
