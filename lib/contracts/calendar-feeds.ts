import { z } from "zod";
import { isStorable, listOf, projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";
import { isZone } from "@/lib/contracts/zones";

export const FEED_LIMITS = {
  perUser: 20,
  nameLength: 100,
  alarmMinutes: 10_080,
  /** Days back that a feed shows. */
  pastDays: 60,
  /** Days for which what was cancelled stays in the feed as cancelled, so that subscribed calendars drop it. */
  cancelledDays: 30,
  entries: 2000,
  /** How often calendars should read it again. */
  refreshMinutes: 15,
} as const;

export const FEED_SCOPES = ["mine", "team", "pool"] as const;

const name = z
  .string()
  .trim()
  .min(1, "Give it a name")
  .max(FEED_LIMITS.nameLength)
  .refine(isStorable, "Leave out what cannot be stored");

const zone = z.string().max(100).refine(isZone, "Give the IANA name of a time zone, such as Europe/Berlin or UTC");

export const createFeedBody = z
  .strictObject({
    name,
    scope: z.enum(FEED_SCOPES).meta({
      description:
        "mine: your reservations. team: all of the project. pool: when how many GPUs of a pool are taken, by anybody, and its maintenance.",
    }),
    pool_id: z.string().max(100).optional().meta({ description: "Only with pool." }),
    alarm_minutes: z
      .int()
      .min(0)
      .max(FEED_LIMITS.alarmMinutes)
      .nullable()
      .default(null)
      .meta({ description: "Reminds so long before the start; null: never." }),
    time_zone: zone.default("UTC").meta({ description: "Beside UTC, the zone in which its texts tell times." }),
  })
  .superRefine(({ scope, pool_id }, context) => {
    const wrong = (message: string) => context.addIssue({ code: "custom", path: ["pool_id"], message });
    if (scope === "pool" && pool_id === undefined) wrong("Say which pool");
    if (scope !== "pool" && pool_id !== undefined) wrong("Leave it out, or choose the scope pool");
  });

export const feedSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    scope: z.enum(FEED_SCOPES),
    pool: z.object({ id: z.string(), name: z.string() }).nullable(),
    alarm_minutes: z.int().nullable(),
    time_zone: z.string(),
    last_read_at: timestamp.nullable().meta({ description: "When a calendar read it last, to the minute." }),
    created_at: timestamp,
  })
  .meta({ id: "CalendarFeed" });

export const openedFeedSchema = feedSchema
  .extend({
    url: z.string().meta({ description: "The address to subscribe to. It is the key to the calendar and shown once." }),
  })
  .meta({ id: "OpenedCalendarFeed" });

export const reservationCalendarQuery = z.object({
  time_zone: zone.default("UTC").meta({ description: "Beside UTC, the zone in which its texts tell times." }),
});

const params = projectParams.extend({ feed_id: z.string() });
const tag = "Calendar feeds";

export const createFeed = defineOperation({
  id: "createFeed",
  method: "POST",
  path: "/projects/{project_id}/calendar-feeds",
  summary: "Make a calendar to subscribe to",
  tag,
  auth: "project",
  params: projectParams,
  body: createFeedBody,
  status: 201,
  response: openedFeedSchema,
  idempotent: true,
  errors: ["plan_required", "conflict"],
});

export const listFeeds = defineOperation({
  id: "listFeeds",
  method: "GET",
  path: "/projects/{project_id}/calendar-feeds",
  summary: "Your calendars to subscribe to",
  tag,
  auth: "project",
  params: projectParams,
  status: 200,
  response: listOf(feedSchema),
});

export const regenerateFeed = defineOperation({
  id: "regenerateFeed",
  method: "POST",
  path: "/projects/{project_id}/calendar-feeds/{feed_id}/regenerate",
  summary: "Give a calendar a new address; the old one stops working",
  tag,
  auth: "project",
  params,
  status: 200,
  response: openedFeedSchema,
});

export const deleteFeed = defineOperation({
  id: "deleteFeed",
  method: "DELETE",
  path: "/projects/{project_id}/calendar-feeds/{feed_id}",
  summary: "Revoke a calendar",
  tag,
  auth: "project",
  params,
  status: 204,
});

export const readFeed = defineOperation({
  id: "readFeed",
  method: "GET",
  path: "/calendar/{file}",
  summary: "Read a calendar (iCalendar, RFC 5545)",
  description:
    "The address is the credential: whoever has it may read. Answers 304 to If-None-Match and If-Modified-Since.",
  tag,
  auth: "public",
  params: z.object({ file: z.string().max(200).meta({ description: "The token, followed by `.ics`." }) }),
  status: 200,
  contentType: "text/calendar",
});

export const downloadReservationCalendar = defineOperation({
  id: "downloadReservationCalendar",
  method: "GET",
  path: "/projects/{project_id}/reservations/{reservation_id}/calendar.ics",
  summary: "A reservation as iCalendar (RFC 5545)",
  description:
    "One entry per part, with the `UID` and `SEQUENCE` that calendars to subscribe to give it. It does not follow later changes; a calendar to subscribe to does.",
  tag,
  auth: "project",
  params: projectParams.extend({ reservation_id: z.string() }),
  query: reservationCalendarQuery,
  status: 200,
  contentType: "text/calendar",
});

export type Feed = z.infer<typeof feedSchema>;
export type OpenedFeed = z.infer<typeof openedFeedSchema>;
export type FeedScope = (typeof FEED_SCOPES)[number];
