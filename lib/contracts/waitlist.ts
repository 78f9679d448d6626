import { z } from "zod";
import { offerSchema, searchBody } from "@/lib/contracts/availability";
import { pageOf, pageQuery, projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";
import { reservationSchema } from "@/lib/contracts/reservations";

export const WAITLIST_LIMITS = {
  /** Entries of one project that wait or have an offer. */
  openPerProject: 20,
  /** Offers to one entry; after the last has run out or been declined, the entry is over. */
  offers: 3,
  /** Days that an entry waits at most. */
  days: 180,
  /** Days that an entry waits unless `until` or `finish_by` says otherwise. */
  defaultDays: 30,
} as const;

export const WAITLIST_STATUSES = ["waiting", "offered", "accepted", "cancelled", "expired"] as const;

export const waitlistCriteriaSchema = z.strictObject(searchBody.shape).meta({ id: "WaitlistCriteria" });

export const joinWaitlistBody = z.strictObject({
  ...searchBody.shape,
  until: timestamp.optional().meta({
    description: `How long to wait: until the latest possible start by finish_by, or ${WAITLIST_LIMITS.defaultDays} days, unless given.`,
  }),
});

export const waitlistEntrySchema = z
  .object({
    id: z.string(),
    status: z.enum(WAITLIST_STATUSES).meta({
      description:
        "waiting: for room. offered: GPUs and credits are held until hold_expires_at. accepted: booked. cancelled: taken off the list. expired: its time or its offers have run out.",
    }),
    criteria: waitlistCriteriaSchema,
    until: timestamp,
    offers: z.int().meta({ description: `Offers so far; ${WAITLIST_LIMITS.offers} at most.` }),
    note: z
      .string()
      .nullable()
      .meta({ description: "Why there was no offer although there was room, such as too few credits." }),
    offer: z
      .object({
        ...offerSchema.pick({
          pool_id: true,
          pool_name: true,
          gpu_type: true,
          gpu_count: true,
          topology: true,
          starts_at: true,
          ends_at: true,
          price: true,
        }).shape,
        reservation_id: z.string(),
        hold_expires_at: timestamp,
      })
      .nullable()
      .meta({ description: "Only while it stands: a held reservation." }),
    reservation_id: z.string().nullable().meta({ description: "The reservation that was offered or accepted." }),
    mine: z.boolean(),
    created_by: reservationSchema.shape.created_by,
    created_at: timestamp,
    updated_at: timestamp,
  })
  .meta({ id: "WaitlistEntry" });

const params = projectParams.extend({ entry_id: z.string() });
const tag = "Reservations";

export const joinWaitlist = defineOperation({
  id: "joinWaitlist",
  method: "POST",
  path: "/projects/{project_id}/waitlist",
  summary: "Wait for GPUs to become free",
  description:
    "A search that goes on. Once it finds room, GPUs and credits are held for whoever has waited longest, for as long as the policy's offer_minutes.",
  tag,
  auth: "project",
  params: projectParams,
  body: joinWaitlistBody,
  status: 201,
  response: waitlistEntrySchema,
  idempotent: true,
  errors: ["plan_required", "conflict"],
});

export const listWaitlist = defineOperation({
  id: "listWaitlist",
  method: "GET",
  path: "/projects/{project_id}/waitlist",
  summary: "Waiting list of the project, newest first",
  tag,
  auth: "project",
  params: projectParams,
  query: pageQuery.extend({
    open: z.enum(["true", "false"]).optional().meta({ description: "true: only what waits or has an offer." }),
  }),
  status: 200,
  response: pageOf(waitlistEntrySchema),
  errors: ["invalid_cursor"],
});

export const getWaitlistEntry = defineOperation({
  id: "getWaitlistEntry",
  method: "GET",
  path: "/projects/{project_id}/waitlist/{entry_id}",
  summary: "Read an entry of the waiting list",
  tag,
  auth: "project",
  params,
  status: 200,
  response: waitlistEntrySchema,
});

export const leaveWaitlist = defineOperation({
  id: "leaveWaitlist",
  method: "DELETE",
  path: "/projects/{project_id}/waitlist/{entry_id}",
  summary: "Leave the waiting list",
  description: "An offer that stands is given back. What is over already stays as it is.",
  tag,
  auth: "project",
  params,
  status: 204,
  errors: ["conflict"],
});

export const acceptOffer = defineOperation({
  id: "acceptOffer",
  method: "POST",
  path: "/projects/{project_id}/waitlist/{entry_id}/accept",
  summary: "Take what the waiting list offers",
  description: "Confirms the held reservation, as confirming it directly does.",
  tag,
  auth: "project",
  params,
  status: 200,
  response: reservationSchema,
  errors: ["conflict", "plan_required"],
});

export const declineOffer = defineOperation({
  id: "declineOffer",
  method: "POST",
  path: "/projects/{project_id}/waitlist/{entry_id}/decline",
  summary: "Give back what the waiting list offers",
  description: "The entry waits on, and is not offered the same start in the same pool again.",
  tag,
  auth: "project",
  params,
  status: 200,
  response: waitlistEntrySchema,
  errors: ["conflict"],
});

export type WaitlistCriteria = z.output<typeof waitlistCriteriaSchema>;
export type WaitlistEntry = z.infer<typeof waitlistEntrySchema>;
export type WaitlistStatus = (typeof WAITLIST_STATUSES)[number];
