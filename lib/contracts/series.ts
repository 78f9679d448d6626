import { z } from "zod";
import { blockerSchema, gpuCount } from "@/lib/contracts/availability";
import { pageOf, pageQuery, projectParams, timestamp } from "@/lib/contracts/common";
import { micros } from "@/lib/contracts/money";
import { defineOperation } from "@/lib/contracts/operation";
import { priceSchema } from "@/lib/contracts/pricing";
import { requestWebhookSchema } from "@/lib/contracts/request-webhook";
import {
  cancelBody,
  createReservationBody,
  RESERVATION_STATUSES,
  reservationSchema,
} from "@/lib/contracts/reservations";
import { isZone } from "@/lib/contracts/zones";

export const SERIES_LIMITS = { occurrences: 60, interval: 52 } as const;

export const WEEKDAYS = ["mo", "tu", "we", "th", "fr", "sa", "su"] as const;
export const FREQUENCIES = ["daily", "weekly"] as const;
export const ANCHORS = ["wall_clock", "utc"] as const;

export const seriesRuleSchema = z
  .strictObject({
    frequency: z.enum(FREQUENCIES),
    interval: z
      .int()
      .min(1)
      .max(SERIES_LIMITS.interval)
      .default(1)
      .meta({ description: "2 with weekly: every other week." }),
    weekdays: z
      .array(z.enum(WEEKDAYS))
      .min(1)
      .max(7)
      .refine((days) => new Set(days).size === days.length, "Give each weekday once")
      .optional()
      .meta({ description: "Only with weekly; the weekday of the template's start, unless given." }),
    count: z
      .int()
      .min(1)
      .max(SERIES_LIMITS.occurrences)
      .optional()
      .meta({ description: "How many there are; this or until." }),
    until: timestamp.optional().meta({ description: "None starts after this; this or count." }),
    anchor: z.enum(ANCHORS).default("wall_clock").meta({
      description:
        "wall_clock: at the same time by the clocks of the zone, so UTC times move when these are changed. utc: at the same time in UTC.",
    }),
    time_zone: z
      .string()
      .max(100)
      .refine(isZone, "Give the IANA name of a time zone, such as Europe/Berlin or UTC")
      .default("UTC")
      .meta({ description: "IANA name. Weekdays are counted in it, and with wall_clock the time of day too." }),
  })
  .superRefine((rule, context) => {
    const wrong = (field: string, message: string) => context.addIssue({ code: "custom", path: [field], message });
    if (rule.weekdays && rule.frequency === "daily") wrong("weekdays", "Leave weekdays out, or repeat weekly");
    if (rule.count === undefined && rule.until === undefined)
      wrong("count", "Say how often (count) or until when (until)");
    if (rule.count !== undefined && rule.until !== undefined) wrong("until", "Give count or until, not both");
  })
  .meta({ id: "SeriesRule" });

/** What is booked each time; the first time begins at or after its start. */
export const seriesTemplateSchema = z
  .strictObject({
    ...createReservationBody.omit({ segments: true, quote_id: true, hold: true, dry_run: true, webhook: true }).shape,
    gpu_count: gpuCount,
    starts_at: timestamp,
    ends_at: timestamp,
  })
  .meta({ id: "SeriesTemplate" });

export const createSeriesBody = z.strictObject({
  template: seriesTemplateSchema,
  rule: seriesRuleSchema,
  skip_conflicts: z
    .boolean()
    .default(false)
    .meta({ description: "Book those that can be booked. Otherwise it is all of them or none." }),
  webhook: requestWebhookSchema.optional().meta({
    description: "Gets the events of each of its reservations; each of these is a workflow of its own.",
  }),
  dry_run: createReservationBody.shape.dry_run,
});

export const OUTCOMES = ["bookable", "no_room", "no_credits", "not_allowed"] as const;
export const ADJUSTMENTS = ["moved_forward", "first_of_two"] as const;

const occurrence = z.object({
  number: z.int().min(1).meta({ description: "Its place in the series, from 1." }),
  starts_at: timestamp,
  ends_at: timestamp,
  utc_offset_minutes: z.int().meta({ description: "Of the rule's zone at the start, east of UTC." }),
  offset_change_minutes: z.int().meta({
    description:
      "By how much clocks were changed since the occurrence before. With wall_clock it begins that much earlier in UTC, with utc that much later by the clocks.",
  }),
  adjusted: z.enum(ADJUSTMENTS).nullable().meta({
    description:
      "moved_forward: the clock skips that time, so it begins as much later. first_of_two: the clock shows that time twice, and the first is taken.",
  }),
  overlaps_previous: z
    .boolean()
    .meta({ description: "It begins before the one before has ended, because clocks go forward in between." }),
});

/** One occurrence, and what came of it. */
export const seriesOccurrenceSchema = occurrence
  .extend({
    outcome: z.enum(OUTCOMES).meta({
      description:
        "no_room: the GPUs are not free. no_credits: what is left does not pay for it. not_allowed: outside the pool's rules, such as its horizon.",
    }),
    reason: z.string().nullable().meta({ description: "Why it cannot be booked; null when it can." }),
    blockers: z.array(blockerSchema),
    pool_id: z.string().nullable().meta({ description: "null when it cannot be booked and no pool was named." }),
    price: priceSchema.nullable().meta({ description: "null when it cannot be booked." }),
  })
  .meta({ id: "SeriesOccurrence" });

export const seriesPreviewSchema = z
  .object({
    dry_run: z.literal(true),
    occurrences: z.array(seriesOccurrenceSchema),
    bookable: z.int().meta({ description: "How many can be booked." }),
    would_book: z.int().meta({ description: "How many the same request without dry_run books: 0 when it is refused." }),
    total_micros: micros.meta({ description: "The price of those that can be booked." }),
    shortfall_micros: micros.meta({
      description: "How many credits are missing for the others that only lack credits.",
    }),
    available_after_micros: micros.meta({ description: "What is left once those that can be booked are." }),
  })
  .meta({ id: "SeriesPreview" });

const who = reservationSchema.shape.created_by;

export const seriesSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    rule: seriesRuleSchema,
    template: seriesTemplateSchema,
    reservation_count: z.int(),
    by_status: z
      .object(
        Object.fromEntries(RESERVATION_STATUSES.map((status) => [status, z.int()])) as Record<
          (typeof RESERVATION_STATUSES)[number],
          z.ZodInt
        >,
      )
      .meta({ description: "How many of its reservations there are in each state." }),
    first_starts_at: timestamp.nullable(),
    last_ends_at: timestamp.nullable(),
    total_micros: micros.meta({ description: "The price of its reservations as they stand, without the cancelled." }),
    skipped_count: z.int(),
    mine: z.boolean(),
    created_by: who,
    created_at: timestamp,
  })
  .meta({ id: "ReservationSeries" });

export const seriesDetailSchema = seriesSchema
  .extend({
    reservations: z.array(reservationSchema).meta({ description: "By start." }),
    skipped: z
      .array(seriesOccurrenceSchema.omit({ blockers: true, price: true, pool_id: true }))
      .meta({ description: "What was left out when it was booked, and why." }),
  })
  .meta({ id: "ReservationSeriesDetail" });

const cancelSummary = {
  cancelled: z.int().meta({ description: "Reservations that have not begun: they are cancelled." }),
  kept: z.int().meta({ description: "Reservations that have begun, ended or been cancelled: they stay as they are." }),
  refund_micros: micros,
  fee_micros: micros,
};

export const cancelSeriesPreviewSchema = z
  .object({
    dry_run: z.literal(true),
    ...cancelSummary,
    reservations: z.array(
      z.object({
        id: z.string(),
        starts_at: timestamp,
        ends_at: timestamp,
        refund_micros: micros,
        fee_micros: micros,
        refund_bps: z.int().nullable(),
      }),
    ),
  })
  .meta({ id: "CancelSeriesPreview" });

const params = projectParams.extend({ series_id: z.string() });
const tag = "Reservations";

export const createSeries = defineOperation({
  id: "createSeries",
  method: "POST",
  path: "/projects/{project_id}/reservation-series",
  summary: "Book the same again and again",
  description: `At most ${SERIES_LIMITS.occurrences} reservations, all in one transaction. With dry_run: each occurrence, whether it can be booked, and what it costs. Every occurrence lasts as long as the template, also across a change of clocks.`,
  tag,
  auth: "project",
  params: projectParams,
  body: createSeriesBody,
  status: 201,
  response: seriesDetailSchema,
  dryRunResponse: seriesPreviewSchema,
  idempotent: true,
  errors: ["plan_required", "capacity_unavailable", "insufficient_credits", "conflict"],
});

export const listSeries = defineOperation({
  id: "listSeries",
  method: "GET",
  path: "/projects/{project_id}/reservation-series",
  summary: "Series of reservations, newest first",
  tag,
  auth: "project",
  params: projectParams,
  query: pageQuery,
  status: 200,
  response: pageOf(seriesSchema),
  errors: ["invalid_cursor"],
});

export const getSeries = defineOperation({
  id: "getSeries",
  method: "GET",
  path: "/projects/{project_id}/reservation-series/{series_id}",
  summary: "Read a series with its reservations",
  tag,
  auth: "project",
  params,
  status: 200,
  response: seriesDetailSchema,
});

export const cancelSeries = defineOperation({
  id: "cancelSeries",
  method: "POST",
  path: "/projects/{project_id}/reservation-series/{series_id}/cancel",
  summary: "Cancel what has not begun of a series",
  description: "With dry_run: which reservations, and what would come back.",
  tag,
  auth: "project",
  params,
  body: cancelBody.omit({ version: true }),
  status: 200,
  response: z.object({ ...cancelSummary, series: seriesDetailSchema }).meta({ id: "CancelledSeries" }),
  dryRunResponse: cancelSeriesPreviewSchema,
  errors: ["conflict"],
});

export type SeriesRule = z.output<typeof seriesRuleSchema>;
export type SeriesTemplate = z.output<typeof seriesTemplateSchema>;
export type Weekday = (typeof WEEKDAYS)[number];
/** When an occurrence is; what comes of it is in SeriesOccurrence. */
export type OccurrenceTimes = z.infer<typeof occurrence>;
export type SeriesOccurrence = z.infer<typeof seriesOccurrenceSchema>;
export type SeriesPreview = z.infer<typeof seriesPreviewSchema>;
export type Series = z.infer<typeof seriesSchema>;
export type SeriesDetail = z.infer<typeof seriesDetailSchema>;
export type SkippedOccurrence = SeriesDetail["skipped"][number];
export type CancelSeriesPreview = z.infer<typeof cancelSeriesPreviewSchema>;
