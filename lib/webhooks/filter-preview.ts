import { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import {
  type FilterPreview,
  type filterPreviewBody,
  PREVIEW_EVENTS,
  PREVIEW_VERDICTS,
  type PreviewedEvent,
} from "@/lib/contracts/filter-preview";
import { db } from "@/lib/db/client";
import { explainMatch } from "@/lib/webhooks/explain";
import { turns } from "@/lib/webhooks/turns";

const labelsSchema = z.record(z.string(), z.string());
const verdictSchema = z.enum(PREVIEW_VERDICTS);

/** What a webhook with these types and this filter would have got of the latest events. Stores and sends nothing. */
export async function previewFilter(
  actor: Actor,
  { event_types: eventTypes, filter }: z.output<typeof filterPreviewBody>,
): Promise<FilterPreview> {
  authorise(actor, "webhooks:read");
  // The details quote what is in the events.
  authorise(actor, "events:read");
  const rows = await db.event.findMany({
    where: { projectId: actor.projectId, type: { not: "webhook.test" } },
    orderBy: { id: "desc" },
    take: PREVIEW_EVENTS,
    select: { id: true, type: true, body: true, labels: true, application: true, environment: true, createdAt: true },
  });
  const ownTurn = turns();
  const events: PreviewedEvent[] = [];
  for (const { id, type, body, labels, application, environment, createdAt } of rows) {
    await ownTurn();
    const event = { type, labels: labelsSchema.parse(labels), application, environment, body: JSON.parse(body) };
    const { verdict, detail } = explainMatch({ eventTypes, enabled: true, filter }, event, "asks");
    events.push({
      id,
      type,
      created_at: createdAt.toISOString(),
      matched: verdict === "match",
      verdict: verdictSchema.parse(verdict),
      detail: verdict === "match" ? null : detail,
    });
  }
  return { considered: events.length, matched: events.filter(({ matched }) => matched).length, events };
}
