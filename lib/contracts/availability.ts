import { z } from "zod";
import { projectParams, timestamp } from "@/lib/contracts/common";
import { micros } from "@/lib/contracts/money";
import { defineOperation } from "@/lib/contracts/operation";
import { priceSchema, segmentSchema } from "@/lib/contracts/pricing";

export const BOOKING_LIMITS = {
  /** GPUs of one reservation. */
  gpus: 1024,
  /** Parts of one reservation that differ in time or number. */
  segments: 20,
  titleLength: 120,
  /** Days that one look at availability or at the calendar spans. */
  availabilityDays: 100,
  /** Pools that one search looks at. */
  searchPools: 50,
  offers: 12,
  alternatives: 5,
} as const;

export const TOPOLOGIES = ["any", "single_node"] as const;
export const topologySchema = z.enum(TOPOLOGIES).meta({
  description: "single_node: all GPUs of the reservation on one machine.",
});

/** Some GPUs of one pool or, without naming one, of a type. */
export const placeFields = {
  pool_id: z.string().max(100).optional().meta({ description: "This or gpu_type." }),
  gpu_type: z
    .string()
    .max(100)
    .optional()
    .meta({ description: "Id or name of a GPU type: any pool of it that has room, the cheapest first." }),
};

export const gpuCount = z.int().min(1).max(BOOKING_LIMITS.gpus);

// Availability

export const availabilityQuery = z.object({
  from: timestamp.optional().meta({ description: "Now, unless given." }),
  to: timestamp.optional().meta({ description: "90 days after `from`, unless given." }),
  pool_id: z.string().max(100).optional(),
  gpu_type: z.string().max(100).optional().meta({ description: "Id or name." }),
});

/** A step function: `free[i]` GPUs from `at[i]` until `at[i + 1]`, the last until the end of the range. */
export const profileSchema = z
  .object({
    pool_id: z.string(),
    capacity: z.int().meta({ description: "GPUs that can be sold: those in service without the failover reserve." }),
    at: z.array(z.int()).meta({ description: "Unix milliseconds, rising; the first is the start of the range." }),
    free: z.array(z.int()).meta({ description: "GPUs that can be booked from that time on." }),
  })
  .meta({ id: "AvailabilityProfile" });

export const availabilitySchema = z
  .object({ from: timestamp, to: timestamp, pools: z.array(profileSchema) })
  .meta({ id: "Availability" });

export const getAvailability = defineOperation({
  id: "getAvailability",
  method: "GET",
  path: "/projects/{project_id}/availability",
  summary: "Free GPUs over time, per pool",
  tag: "Reservations",
  auth: "project",
  params: projectParams,
  query: availabilityQuery,
  status: 200,
  response: availabilitySchema,
});

// Search

export const OFFER_KINDS = [
  "as_asked",
  "earliest",
  "cheapest",
  "longest",
  "nearest",
  "shift",
  "shorten",
  "fewer",
  "other_pool",
  "other_type",
  "any_topology",
  "split",
] as const;

/** Something that can be booked as it stands: its fields are those of POST reservations. */
export const offerSchema = z
  .object({
    kinds: z
      .array(z.enum(OFFER_KINDS))
      .min(1)
      .meta({ description: "What speaks for it, or how it differs from what was asked." }),
    pool_id: z.string(),
    pool_name: z.string(),
    gpu_type: z.string(),
    gpu_count: gpuCount,
    topology: topologySchema,
    single_node: z.boolean().meta({ description: "Whether it would be on one machine." }),
    starts_at: timestamp,
    ends_at: timestamp,
    segments: z.array(segmentSchema).meta({ description: "More than one when it is split." }),
    price: priceSchema,
  })
  .meta({ id: "Offer" });

export const searchBody = z
  .strictObject({
    gpu_type: placeFields.gpu_type,
    pool_ids: z.array(z.string().max(100)).min(1).max(BOOKING_LIMITS.searchPools).optional(),
    gpu_count: gpuCount,
    duration_minutes: z.int().min(1).max(1_000_000),
    not_before: timestamp.optional().meta({ description: "Now, unless given." }),
    finish_by: timestamp.optional().meta({ description: "The latest end; the pool's horizon, unless given." }),
    near: timestamp.optional().meta({ description: "The start that would be best; for `nearest`." }),
    topology: z
      .enum(["any", "single_node", "prefer_single_node"])
      .default("any")
      .meta({ description: "prefer_single_node: offers on one machine come first." }),
  })
  .meta({ id: "CapacitySearch" });

export const searchResultSchema = z
  .object({
    offers: z.array(offerSchema).meta({ description: "The best first; empty when nothing fits." }),
    alternatives: z.array(offerSchema).meta({ description: "Only when nothing fits: what would." }),
  })
  .meta({ id: "CapacitySearchResult" });

export const searchAvailability = defineOperation({
  id: "searchAvailability",
  method: "POST",
  path: "/projects/{project_id}/availability/search",
  summary: "Find when and where so many GPUs are free",
  description: "The earliest, the cheapest, the longest and the nearest that fit. Changes nothing and holds nothing.",
  tag: "Reservations",
  auth: "project",
  params: projectParams,
  body: searchBody,
  audit: false,
  status: 200,
  response: searchResultSchema,
});

// Quotes

export const quoteBody = z.strictObject({
  ...placeFields,
  gpu_count: gpuCount,
  starts_at: timestamp,
  ends_at: timestamp,
  topology: topologySchema.default("any"),
});

export const blockerSchema = z
  .object({
    kind: z.enum(["mine", "team", "others", "maintenance", "outage", "reserve", "capacity", "fragmentation"]),
    reservation_id: z.string().nullable().meta({ description: "Only of your own project." }),
    gpu_count: z.int(),
    starts_at: timestamp.nullable(),
    ends_at: timestamp.nullable(),
    note: z.string(),
  })
  .meta({ id: "Blocker", description: "What is in the way; of other projects only the times and the number." });

export const quoteSchema = z
  .object({
    id: z.string(),
    pool_id: z.string(),
    gpu_count: gpuCount,
    topology: topologySchema,
    starts_at: timestamp,
    ends_at: timestamp,
    price: priceSchema,
    feasible: z
      .boolean()
      .meta({ description: "Whether it could be booked at the moment of asking. A quote holds no GPUs." }),
    blockers: z.array(blockerSchema),
    alternatives: z.array(offerSchema).meta({ description: "Only when it is not feasible." }),
    affordable: z.boolean(),
    available_micros: micros,
    expires_at: timestamp.meta({ description: "Until then POST reservations with this quote_id gets this price." }),
    created_at: timestamp,
  })
  .meta({ id: "Quote" });

export const createQuote = defineOperation({
  id: "createQuote",
  method: "POST",
  path: "/projects/{project_id}/quotes",
  summary: "Price a booking, and lock the price for a while",
  tag: "Reservations",
  auth: "project",
  params: projectParams,
  body: quoteBody,
  audit: false,
  status: 201,
  response: quoteSchema,
  idempotent: true,
  errors: ["plan_required"],
});

export const getQuote = defineOperation({
  id: "getQuote",
  method: "GET",
  path: "/projects/{project_id}/quotes/{quote_id}",
  summary: "Read a quote, judged anew",
  tag: "Reservations",
  auth: "project",
  params: projectParams.extend({ quote_id: z.string() }),
  status: 200,
  response: quoteSchema,
});

export type Topology = z.infer<typeof topologySchema>;
export type AvailabilityProfile = z.infer<typeof profileSchema>;
export type Availability = z.infer<typeof availabilitySchema>;
export type Offer = z.infer<typeof offerSchema>;
export type OfferKind = (typeof OFFER_KINDS)[number];
export type CapacitySearch = z.output<typeof searchBody>;
export type SearchResult = z.infer<typeof searchResultSchema>;
export type Blocker = z.infer<typeof blockerSchema>;
export type Quote = z.infer<typeof quoteSchema>;
