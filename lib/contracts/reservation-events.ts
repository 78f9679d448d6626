import { z } from "zod";
import { micros } from "@/lib/contracts/money";
import { segmentSchema } from "@/lib/contracts/pricing";

const id = (what: string) => z.string().meta({ description: `Id of the ${what}.` });
const at = z.iso.datetime({ offset: true });

const reservation = z.object({
  reservation_id: id("reservation"),
  status: z.string(),
  title: z.string(),
  pool_id: id("pool"),
  pool: z.string().meta({ description: "Name of the pool." }),
  gpu_type: z.string(),
  gpu_count: z.number().int().min(1).meta({ description: "The most at any time." }),
  starts_at: at,
  ends_at: at,
  segments: z.array(segmentSchema.omit({})).meta({ description: "More than one where the number of GPUs changes." }),
  topology: z.string(),
  config: z.string().nullable(),
  total_micros: micros,
  version: z.number().int().min(1),
});
const givenBack = {
  refunded_micros: micros.meta({ description: "Micro-credits that came back." }),
  fee_micros: micros.meta({ description: "Micro-credits that were kept of what was given back." }),
};
const reservationExample = {
  reservation_id: "rsv_01k6q3v9y2e8pb5m7d4tzwx0ha",
  status: "confirmed",
  title: "Fine-tuning",
  pool_id: "pool_01k6q3v4c6d8f0h2k4n6q8s0t2",
  pool: "Frankfurt H100",
  gpu_type: "H100-SXM",
  gpu_count: 8,
  starts_at: "2026-12-01T08:00:00.000Z",
  ends_at: "2026-12-04T08:00:00.000Z",
  segments: [{ starts_at: "2026-12-01T08:00:00.000Z", ends_at: "2026-12-04T08:00:00.000Z", gpu_count: 8 }],
  topology: "single_node",
  config: null,
  total_micros: 1_382_400_000,
  version: 1,
};
/** The part of the catalogue of event types that is about reservations. */
export const RESERVATION_EVENTS = {
  "reservation.created": {
    description: "A booking was made; its GPUs and credits are held. It may still have to be confirmed.",
    data: reservation.extend({
      hold_expires_at: at.nullable().meta({ description: "Until then it waits to be confirmed; null: it is firm." }),
    }),
    example: { ...reservationExample, hold_expires_at: null },
  },
  "reservation.confirmed": {
    description: "A booking is firm: it will start.",
    data: reservation,
    example: reservationExample,
  },
  "reservation.updated": {
    description: "A booking was moved, extended, shrunk or edited, or a part of it was given back.",
    data: reservation.extend({
      change: z.enum(["moved", "extended", "shrunk", "released", "edited"]),
      previous: z.object({ pool_id: id("pool"), gpu_count: z.number().int(), starts_at: at, ends_at: at }),
      charged_micros: micros.meta({ description: "Micro-credits held in addition." }),
      ...givenBack,
    }),
    example: {
      ...reservationExample,
      version: 2,
      change: "extended",
      previous: {
        pool_id: "pool_01k6q3v4c6d8f0h2k4n6q8s0t2",
        gpu_count: 8,
        starts_at: "2026-12-01T08:00:00.000Z",
        ends_at: "2026-12-03T08:00:00.000Z",
      },
      charged_micros: 460_800_000,
      refunded_micros: 0,
      fee_micros: 0,
    },
  },
  "reservation.cancelled": {
    description:
      "A booking was cancelled, was held and not confirmed in time, or lost its GPUs and there were no others.",
    data: reservation.extend({
      cause: z.enum(["cancelled", "hold_expired", "failed"]),
      reason: z.string().nullable().meta({ description: "What whoever cancelled it gave as the reason." }),
      ...givenBack,
    }),
    example: {
      ...reservationExample,
      status: "cancelled",
      total_micros: 0,
      version: 2,
      cause: "cancelled",
      reason: "The data came late",
      refunded_micros: 1_036_800_000,
      fee_micros: 345_600_000,
    },
  },
  "reservation.started": {
    description: "A booking began; its GPUs are in use.",
    data: reservation,
    example: { ...reservationExample, status: "active", version: 2 },
  },
  "reservation.ending": {
    description: "A booking ends soon: 30 minutes before its end, and again 5 minutes before.",
    data: reservation.extend({ minutes_left: z.number().int().min(0) }),
    example: { ...reservationExample, status: "active", version: 2, minutes_left: 30 },
  },
  "reservation.ended": {
    description: "A booking ended; its GPUs are free again.",
    data: reservation,
    example: { ...reservationExample, status: "completed", version: 3 },
  },
  "reservation.waitlist_offered": {
    description: "The waiting list found room: it is held, and waits to be confirmed.",
    data: reservation.extend({ waitlist_entry_id: id("entry of the waiting list"), hold_expires_at: at }),
    example: {
      ...reservationExample,
      status: "held",
      waitlist_entry_id: "wle_01k6q3v9y2e8pb5m7d4tzwx0hb",
      hold_expires_at: "2026-11-28T10:15:00.000Z",
    },
  },
};
