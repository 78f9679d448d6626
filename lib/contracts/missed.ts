import { z } from "zod";
import { projectParams, timestamp } from "@/lib/contracts/common";
import { defineOperation } from "@/lib/contracts/operation";

export const MISSED_LIMITS = {
  /** Events are counted up to this many; past that the answer says "more". */
  counted: 10_000,
  /** Events looked at to find them; a filter that lets little through could otherwise read the whole log. */
  examined: 50_000,
} as const;

export const missedSchema = z
  .object({
    from: timestamp.nullable().meta({ description: "Since when it was disabled; null when it never was." }),
    to: timestamp.nullable().meta({ description: "When it was enabled again; null while it is disabled." }),
    events: z.number().int().meta({ description: "Events that match its types and filter and were not sent to it." }),
    more: z.boolean().meta({ description: "There are more than `events`; the count was cut short." }),
  })
  .meta({ id: "MissedEvents" });

export const getMissedEvents = defineOperation({
  id: "getMissedEvents",
  method: "GET",
  path: "/projects/{project_id}/webhooks/{webhook_id}/missed",
  summary: "How many events passed a webhook by while it was disabled, the last time",
  description: `Judged by its present types and filter. Counts up to ${MISSED_LIMITS.counted} and looks at ${MISSED_LIMITS.examined} events at most. Events that were sent to it later, by a replay, are not missed.`,
  tag: "Webhooks",
  auth: "project",
  params: projectParams.extend({ webhook_id: z.string() }),
  status: 200,
  response: missedSchema,
});

export type MissedEvents = z.infer<typeof missedSchema>;
