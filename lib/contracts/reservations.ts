import { z } from "zod";
import { BOOKING_LIMITS, gpuCount, placeFields, topologySchema } from "@/lib/contracts/availability";
import { isStorable, pageOf, pageQuery, projectParams, timestamp } from "@/lib/contracts/common";
import { micros, signedMicros } from "@/lib/contracts/money";
import { defineOperation } from "@/lib/contracts/operation";
import { priceSchema, segmentSchema } from "@/lib/contracts/pricing";
import { requestWebhookSchema } from "@/lib/contracts/request-webhook";

export const RESERVATION_STATUSES = ["held", "confirmed", "active", "completed", "cancelled", "expired"] as const;
export const reservationStatusSchema = z.enum(RESERVATION_STATUSES).meta({
  description:
    "held: waits to be confirmed, its GPUs and credits are held. confirmed: will start. active: has started. completed: has ended. cancelled: given back. expired: was held and not confirmed in time.",
});

export const CHANGE_KINDS = [
  "created",
  "confirmed",
  "moved",
  "extended",
  "shrunk",
  "released",
  "edited",
  "repacked",
  "failed_over",
  "cancelled",
  "expired",
  "started",
  "ended",
] as const;

const title = z.string().trim().max(BOOKING_LIMITS.titleLength).refine(isStorable, "Leave out what cannot be stored");
const name = z.string().min(1).max(100);
const version = z
  .int()
  .min(1)
  .meta({ description: "The version that was read: a newer one refuses the change with version_conflict." });
const dryRun = z.boolean().default(false).meta({ description: "Changes nothing; answers 200 with what would happen." });
const segmentInput = z.strictObject({ starts_at: timestamp, ends_at: timestamp, gpu_count: gpuCount });
const segments = z
  .array(segmentInput)
  .min(1)
  .max(BOOKING_LIMITS.segments)
  .meta({ description: "In order and without overlap; instead of starts_at, ends_at and gpu_count." });

export const createReservationBody = z.strictObject({
  ...placeFields,
  gpu_count: gpuCount.optional(),
  starts_at: timestamp.optional(),
  ends_at: timestamp.optional(),
  segments: segments.optional(),
  topology: topologySchema.default("any"),
  title: title.default(""),
  pinned: z.boolean().default(false).meta({ description: "Keep the very GPUs it gets at first: it is never moved." }),
  config: name.optional().meta({ description: "Configuration to boot at the start." }),
  environment: name.optional(),
  snapshot_at_end: z
    .boolean()
    .default(false)
    .meta({ description: "Take a snapshot of each of its instances shortly before the end." }),
  quote_id: z.string().max(100).optional().meta({ description: "Book at the price of this quote." }),
  hold: z.boolean().default(false).meta({ description: "Only hold it; confirm it before hold_expires_at." }),
  webhook: requestWebhookSchema.optional(),
  dry_run: dryRun,
});

export const updateReservationBody = z.strictObject({
  version,
  pool_id: z.string().max(100).optional(),
  starts_at: timestamp.optional(),
  ends_at: timestamp.optional(),
  gpu_count: gpuCount.optional(),
  title: title.optional(),
  pinned: z.boolean().optional(),
  config: name.nullable().optional(),
  environment: name.nullable().optional(),
  snapshot_at_end: z.boolean().optional(),
  dry_run: dryRun,
});

export const releaseBody = z.strictObject({
  version,
  starts_at: timestamp.meta({ description: "Give back from here" }),
  ends_at: timestamp.meta({ description: "to here" }),
  gpu_count: gpuCount.meta({ description: "so many GPUs, or as many as it has then." }),
  dry_run: dryRun,
});

export const confirmBody = z.strictObject({ version: version.optional() });

export const cancelBody = z.strictObject({
  version: version.optional(),
  reason: z.string().trim().max(500).refine(isStorable, "Leave out what cannot be stored").optional(),
  dry_run: dryRun,
});

const who = z.object({ id: z.string(), name: z.string() });

export const reservationSchema = z
  .object({
    id: z.string(),
    status: reservationStatusSchema,
    title: z.string(),
    pool_id: z.string(),
    pool: z.object({ id: z.string(), name: z.string(), region: z.string(), gpu_type: z.string() }),
    gpu_count: z.int().meta({ description: "The most at any time." }),
    starts_at: timestamp,
    ends_at: timestamp,
    segments: z.array(segmentSchema),
    topology: topologySchema,
    pinned: z.boolean(),
    config: z.string().nullable(),
    environment: z.string().nullable(),
    snapshot_at_end: z.boolean(),
    correlation_id: z.string(),
    series_id: z.string().nullable(),
    quote_id: z.string().nullable(),
    price: priceSchema,
    captured_micros: micros.meta({ description: "Of the price, what has been used so far." }),
    fees_micros: micros.meta({ description: "Kept of what was given back." }),
    units: z.array(
      z.object({
        unit_id: z.string(),
        node: z.string(),
        lane: z.int(),
        starts_at: timestamp,
        ends_at: timestamp,
      }),
    ),
    mine: z.boolean().meta({ description: "Whether whoever asks made it." }),
    created_by: who,
    hold_expires_at: timestamp.nullable(),
    started_at: timestamp.nullable(),
    ended_at: timestamp.nullable(),
    created_at: timestamp,
    updated_at: timestamp,
    version: z.int(),
  })
  .meta({ id: "Reservation" });

/** What a change would do, or did, to credits. */
export const settlementSchema = z
  .object({
    charge_micros: micros.meta({ description: "Held in addition." }),
    refund_micros: micros.meta({ description: "Goes back to the grants below." }),
    fee_micros: micros.meta({ description: "Kept of what is given back." }),
    refund_bps: z.int().nullable().meta({ description: "The rate by notice; null when nothing is given back." }),
    grants: z
      .array(
        z.object({
          grant_id: z.string(),
          source: z.string(),
          amount_micros: signedMicros.meta({ description: "Positive: comes back to it. Negative: is taken from it." }),
          expires_at: timestamp.nullable(),
          replaced: z
            .boolean()
            .meta({ description: "It has run out: a new grant with a term of grace takes its place." }),
        }),
      )
      .meta({ description: "Grant by grant." }),
    available_after_micros: micros,
  })
  .meta({ id: "Settlement" });

export const previewSchema = z
  .object({
    dry_run: z.literal(true),
    reservation: reservationSchema
      .omit({ id: true, units: true })
      .extend({ id: z.string().nullable() })
      .meta({ description: "As it would be." }),
    settlement: settlementSchema,
    moved: z.int().meta({
      description: "Bookings of anybody that would move to other GPUs of the pool to make room; they lose nothing.",
    }),
  })
  .meta({ id: "ReservationPreview" });

export const reservationChangeSchema = z
  .object({
    id: z.string(),
    kind: z.enum(CHANGE_KINDS),
    version: z.int(),
    by: who,
    reason: z.string().nullable(),
    before: z.record(z.string(), z.json()).nullable(),
    after: z.record(z.string(), z.json()).nullable(),
    created_at: timestamp,
  })
  .meta({ id: "ReservationChange" });

export const reservationQuery = pageQuery.extend({
  status: z.string().max(200).optional().meta({ description: "One status or several, separated by commas." }),
  pool_id: z.string().max(100).optional(),
  mine: z.enum(["true", "false"]).optional(),
  from: timestamp.optional().meta({ description: "Ends after." }),
  to: timestamp.optional().meta({ description: "Starts before." }),
  q: z.string().max(200).optional().meta({ description: "Part of the title, or an id." }),
});

const params = projectParams.extend({ reservation_id: z.string() });
const tag = "Reservations";

export const createReservation = defineOperation({
  id: "createReservation",
  method: "POST",
  path: "/projects/{project_id}/reservations",
  summary: "Book GPUs",
  description:
    "Books them, or only holds them with `hold`. GPUs and credits are held in one transaction. A refusal for want of room names what is in the way and alternatives that can be booked as they stand.",
  tag,
  auth: "project",
  params: projectParams,
  body: createReservationBody,
  status: 201,
  response: reservationSchema,
  dryRunResponse: previewSchema,
  idempotent: true,
  errors: ["plan_required", "capacity_unavailable", "insufficient_credits", "quote_expired", "conflict"],
});

export const listReservations = defineOperation({
  id: "listReservations",
  method: "GET",
  path: "/projects/{project_id}/reservations",
  summary: "Reservations of the project, newest first",
  tag,
  auth: "project",
  params: projectParams,
  query: reservationQuery,
  status: 200,
  response: pageOf(reservationSchema),
  errors: ["invalid_cursor"],
});

export const getReservation = defineOperation({
  id: "getReservation",
  method: "GET",
  path: "/projects/{project_id}/reservations/{reservation_id}",
  summary: "Read a reservation",
  tag,
  auth: "project",
  params,
  status: 200,
  response: reservationSchema,
});

export const updateReservation = defineOperation({
  id: "updateReservation",
  method: "PATCH",
  path: "/projects/{project_id}/reservations/{reservation_id}",
  summary: "Move, extend, shrink or edit a reservation",
  description:
    "What has begun keeps its start. Giving back follows the refund ladder; asking for more is charged. Everything or nothing.",
  tag,
  auth: "project",
  params,
  body: updateReservationBody,
  status: 200,
  response: reservationSchema,
  dryRunResponse: previewSchema,
  errors: ["plan_required", "capacity_unavailable", "insufficient_credits", "version_conflict", "conflict"],
});

export const confirmReservation = defineOperation({
  id: "confirmReservation",
  method: "POST",
  path: "/projects/{project_id}/reservations/{reservation_id}/confirm",
  summary: "Confirm a held reservation",
  tag,
  auth: "project",
  params,
  body: confirmBody,
  status: 200,
  response: reservationSchema,
  errors: ["conflict", "version_conflict", "plan_required"],
});

export const releasePart = defineOperation({
  id: "releasePart",
  method: "POST",
  path: "/projects/{project_id}/reservations/{reservation_id}/release",
  summary: "Give back some GPUs for some time",
  tag,
  auth: "project",
  params,
  body: releaseBody,
  status: 200,
  response: reservationSchema,
  dryRunResponse: previewSchema,
  errors: ["conflict", "version_conflict"],
});

export const cancelReservation = defineOperation({
  id: "cancelReservation",
  method: "POST",
  path: "/projects/{project_id}/reservations/{reservation_id}/cancel",
  summary: "Cancel a reservation",
  description: "With dry_run: what would come back to which grant.",
  tag,
  auth: "project",
  params,
  body: cancelBody,
  status: 200,
  response: reservationSchema.extend({ settlement: settlementSchema }).meta({ id: "CancelledReservation" }),
  dryRunResponse: previewSchema,
  errors: ["conflict", "version_conflict"],
});

export const listReservationChanges = defineOperation({
  id: "listReservationChanges",
  method: "GET",
  path: "/projects/{project_id}/reservations/{reservation_id}/history",
  summary: "The history of a reservation, newest first",
  tag,
  auth: "project",
  params,
  query: pageQuery,
  status: 200,
  response: pageOf(reservationChangeSchema),
  errors: ["invalid_cursor"],
});

export type ReservationStatus = (typeof RESERVATION_STATUSES)[number];
export type ChangeKind = (typeof CHANGE_KINDS)[number];
export type Reservation = z.infer<typeof reservationSchema>;
export type ReservationPreview = z.infer<typeof previewSchema>;
export type Settlement = z.infer<typeof settlementSchema>;
export type ReservationChange = z.infer<typeof reservationChangeSchema>;
