import { z } from "zod";
import { timestamp } from "@/lib/contracts/common";
import { bps, micros } from "@/lib/contracts/money";
import { defineOperation } from "@/lib/contracts/operation";

/** What holds for all pools: discounts, refunds, times. Admins edit it; a booking keeps what was in force when it was made. */

const whole = (least: number, most: number) =>
  z.int("Enter a whole number").min(least, `At least ${least}`).max(most, `At most ${most}`);

const hours = whole(0, 100_000);

/** A ladder: the entry with the greatest `from_hours` that is reached counts; below the first, nothing. */
const ladder = (rate: z.ZodInt) =>
  z
    .array(z.strictObject({ from_hours: hours, bps: rate }))
    .max(20, "A ladder has at most 20 steps")
    .refine((steps) => steps.every((step, i) => i === 0 || step.from_hours > (steps[i - 1]?.from_hours ?? 0)), {
      message: "Give the steps in rising order of hours, each once",
    });

const rate = z
  .int("Enter a number with at most 2 decimals of a per cent")
  .min(0, "At least 0")
  .max(10_000, "At most 10000 basis points, which are 100 %");

/** What a booking whose GPU failed gets for the time that it lost. */
const slaSchema = z.strictObject({
  multiplier_bps: whole(0, 100_000).meta({
    description:
      "What is credited of the price of each minute that a failed GPU was missing; 20000 is twice the price.",
  }),
  credit_days: whole(1, 3650).meta({ description: "How long the credit lasts." }),
  healing_hours: whole(0, 720).meta({
    description: "Bookings on a failed GPU that begin within this time move away; later ones wait for its repair.",
  }),
});

const DEFAULT_SLA = { multiplier_bps: 20_000, credit_days: 365, healing_hours: 24 };

export const bookingPolicySchema = z
  .strictObject({
    discount: z
      .strictObject({
        by_duration: ladder(rate).meta({ description: "By the hours from start to end." }),
        by_lead_time: ladder(rate).meta({ description: "Added to it, by the hours from booking to start." }),
        floor_bps: rate.meta({ description: "Every reservation gets at least this." }),
        cap_bps: rate.meta({ description: "And none gets more." }),
      })
      .refine(({ floor_bps, cap_bps }) => floor_bps <= cap_bps, {
        message: "The least discount is above the most",
        path: ["floor_bps"],
      }),
    refund: z.strictObject({
      by_notice: ladder(rate).meta({
        description: "What comes back of a part that is given back, by the hours before that part begins.",
      }),
      grace_days: whole(1, 365).meta({
        description: "What would go back to a grant that has run out goes into a new one, which lasts this long.",
      }),
    }),
    hold_minutes: whole(1, 120).meta({ description: "How long a held booking waits to be confirmed." }),
    quote_minutes: whole(1, 120).meta({ description: "How long a quoted price stands." }),
    offer_minutes: whole(1, 1440).meta({ description: "How long an offer of the waiting list is held." }),
    sla: slaSchema,
    plan: z.strictObject({
      monthly_micros: micros.meta({
        description: "What a premium project is granted on the first of each month, UTC.",
      }),
      rollover_bps: bps.meta({ description: "How much of what is left of it rolls over." }),
      rollover_cap_micros: micros.meta({ description: "And at most this." }),
      rollover_days: whole(1, 365).meta({ description: "How long what rolled over lasts. It never rolls over again." }),
    }),
  })
  .meta({ id: "BookingPolicy" });

export type BookingPolicy = z.infer<typeof bookingPolicySchema>;

/** What a row of the policy's table holds; one that was saved before there was an SLA has the default's. */
export function storedBookingPolicy(stored: unknown): BookingPolicy {
  return bookingPolicySchema.parse({ sla: DEFAULT_SLA, ...z.record(z.string(), z.unknown()).parse(stored) });
}

/** In force until an admin saves another. */
export const DEFAULT_BOOKING_POLICY: BookingPolicy = {
  discount: {
    by_duration: [
      { from_hours: 0, bps: 1000 },
      { from_hours: 72, bps: 1250 },
      { from_hours: 168, bps: 1500 },
      { from_hours: 336, bps: 1750 },
      { from_hours: 720, bps: 2000 },
    ],
    by_lead_time: [
      { from_hours: 168, bps: 100 },
      { from_hours: 336, bps: 250 },
    ],
    floor_bps: 1000,
    cap_bps: 2000,
  },
  refund: {
    by_notice: [
      { from_hours: 0, bps: 5000 },
      { from_hours: 24, bps: 7500 },
      { from_hours: 72, bps: 10_000 },
    ],
    grace_days: 30,
  },
  hold_minutes: 10,
  quote_minutes: 15,
  offer_minutes: 15,
  sla: DEFAULT_SLA,
  plan: { monthly_micros: 0, rollover_bps: 5000, rollover_cap_micros: 500_000_000, rollover_days: 30 },
};

const storedPolicy = bookingPolicySchema
  .safeExtend({
    version: z.int().meta({ description: "0: nobody has changed it. Send it back with a change." }),
    updated_at: timestamp.nullable(),
    updated_by: z.string().nullable(),
  })
  .meta({ id: "StoredBookingPolicy" });

export const getBookingPolicy = defineOperation({
  id: "getBookingPolicy",
  method: "GET",
  path: "/booking-policy",
  summary: "Discounts, refunds and times that hold for all pools",
  tag: "Pools",
  auth: "any",
  status: 200,
  response: storedPolicy,
});

export const updateBookingPolicy = defineOperation({
  id: "updateBookingPolicy",
  method: "PUT",
  path: "/booking-policy",
  summary: "Replace the booking policy",
  description:
    "Bookings that exist keep what was in force when they were made, except that refunds follow the new ladder.",
  tag: "Pools",
  auth: "admin",
  body: bookingPolicySchema.safeExtend({ version: z.int().min(0) }),
  status: 200,
  response: storedPolicy,
  errors: ["version_conflict"],
});

export type StoredBookingPolicy = z.infer<typeof storedPolicy>;
