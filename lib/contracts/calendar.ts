import { z } from "zod";
import { BOOKING_LIMITS } from "@/lib/contracts/availability";
import { projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";
import { reservationStatusSchema } from "@/lib/contracts/reservations";

export const CALENDAR_LIMITS = { days: BOOKING_LIMITS.availabilityDays, bars: 10_000 } as const;

export const BAR_KINDS = ["mine", "team", "others", "maintenance", "outage"] as const;

/** One stretch on the calendar: a segment of a reservation, or a maintenance. */
export const barSchema = z
  .object({
    id: z
      .string()
      .meta({ description: "Stable while the booking stands; tells nothing about bookings of other projects." }),
    kind: z.enum(BAR_KINDS),
    reservation_id: z.string().nullable().meta({ description: "Only of your own project." }),
    status: reservationStatusSchema.nullable().meta({ description: "null: of another project, or not a reservation." }),
    held: z
      .boolean()
      .meta({ description: "Not confirmed yet; false for bookings of other projects, whatever they are." }),
    title: z
      .string()
      .nullable()
      .meta({ description: "The title, or the reason of a maintenance; null: not yours to see." }),
    by: z.string().nullable().meta({ description: "The name of whoever booked it; null: not yours to see." }),
    pool_id: z.string(),
    gpu_count: z.int(),
    starts_at: timestamp,
    ends_at: timestamp,
    units: z.array(z.string()).meta({ description: "Ids of the units that it blocks, in the order of the pool." }),
    version: z.int().nullable(),
  })
  .meta({ id: "CalendarBar" });

export const calendarSchema = z
  .object({
    from: timestamp,
    to: timestamp,
    bars: z.array(barSchema).meta({ description: `By start; at most ${CALENDAR_LIMITS.bars}.` }),
    truncated: z.boolean().meta({ description: "There are more: ask for less time, or for one pool." }),
  })
  .meta({ id: "Calendar" });

export const getCalendar = defineOperation({
  id: "getCalendar",
  method: "GET",
  path: "/projects/{project_id}/calendar",
  summary: "What is booked by anybody, as far as you may see it",
  description: "Of other projects only when and how many GPUs.",
  tag: "Reservations",
  auth: "project",
  params: projectParams,
  query: z.object({
    from: timestamp,
    to: timestamp.meta({ description: `At most ${CALENDAR_LIMITS.days} days after from.` }),
    pool_id: z.string().max(100).optional(),
    mine: z.enum(["true", "false"]).optional(),
  }),
  status: 200,
  response: calendarSchema,
});

export type Bar = z.infer<typeof barSchema>;
export type BarKind = (typeof BAR_KINDS)[number];
export type Calendar = z.infer<typeof calendarSchema>;
