import { Prisma, type Event as StoredEvent } from "@/lib/generated/prisma/client";
import { firstIdAt } from "@/lib/ids";
import { toJudgedEvent } from "@/lib/webhooks/judged-event";
import { storedFilter } from "@/lib/webhooks/payload-filter";
import { matchEvent, type Subscription } from "@/lib/webhooks/policy";
import { turns } from "@/lib/webhooks/turns";
import type { JudgedEvent } from "@/lib/webhooks/verdict";

/**
 * Part of the loss audit. What an event was given is what was chosen when it was emitted, so no sum can tell that a webhook
 * was wrongly passed over. Of the newest events it is asked anew, from the database alone: has each webhook that asked for
 * it a delivery? All of it is bounded, so that it costs the same however much there is.
 */
export const REJUDGED = {
  /** Events at most. */
  events: 200,
  /** Pairs of an event and a webhook at most: with many webhooks fewer events are looked at. */
  pairs: 5_000,
  /** Bytes of an event's body; longer ones are left out. */
  bodyBytes: 16 * 1024,
  /** Milliseconds before an event since which nothing that a webhook asks for may have changed, or it is left out. */
  unchangedMs: 60_000,
} as const;

export type EventRow = Pick<StoredEvent, "type" | "labels" | "application" | "environment" | "createdAt" | "body"> & {
  sentTo: string[];
};

export type WebhookRow = Omit<Subscription, "filter"> & { id: string; filter: string | null; changedAt: Date };

/** An event, and the webhooks that have a delivery of it. */
export type SentEvent = JudgedEvent & { sentTo: readonly string[] };

/** A webhook, and when what it asks for changed last. */
export type UnchangedWebhook = Subscription & { id: string; changedAt: Date };

/** The newest events since then, by a bounded piece of the index of the project's events. */
export function selectEvents(projectId: string, since: Date): Prisma.Sql {
  const webhooks = Prisma.sql`SELECT count(*) FROM webhook w WHERE ${gets(projectId)}`;
  return Prisma.sql`
    SELECT e.type, e.labels, e.application, e.environment, e.body, e.created_at AS "createdAt",
           ARRAY(SELECT d.webhook_id FROM delivery d WHERE d.event_id = e.id) AS "sentTo"
      FROM (SELECT * FROM event WHERE project_id = ${projectId} AND id >= ${firstIdAt("event", since)}
             ORDER BY id DESC LIMIT least(${REJUDGED.events}::int, ${REJUDGED.pairs}::int / greatest(1, (${webhooks})))) e
     WHERE octet_length(e.body) <= ${REJUDGED.bodyBytes}::int`;
}

/** The webhooks that get events, with the last change of what each asks for. One without a history cannot be judged. */
export function selectWebhooks(projectId: string): Prisma.Sql {
  return Prisma.sql`
    SELECT w.id, w.enabled, w.event_types AS "eventTypes", w.filter::text AS filter, c.at AS "changedAt"
      FROM webhook w CROSS JOIN LATERAL (
        SELECT at FROM webhook_change WHERE webhook_id = w.id ORDER BY at DESC LIMIT 1) c
     WHERE ${gets(projectId)}`;
}

/**
 * Judges by the rules by which events are emitted. Both lists must be of one snapshot of the database.
 * @returns how many events were looked at, and how many of their deliveries should be there and are not
 */
export async function rejudge(
  events: readonly EventRow[],
  webhooks: readonly WebhookRow[],
): Promise<{ events: number; missing: number }> {
  const subscriptions = webhooks.map(({ filter, ...row }) => ({
    ...row,
    filter: filter === null ? null : storedFilter(filter),
  }));
  const ownTurn = turns();
  let missing = 0;
  for (const row of events) {
    await ownTurn();
    missing += missingFrom({ ...toJudgedEvent(row), sentTo: row.sentTo }, subscriptions).length;
  }
  return { events: events.length, missing };
}

/** The webhooks that asked for the event and have no delivery of it, of those that have not changed since before it. */
export function missingFrom<Webhook extends UnchangedWebhook>(
  event: SentEvent,
  webhooks: readonly Webhook[],
): Webhook[] {
  const sentTo = new Set(event.sentTo);
  const latest = event.createdAt.getTime() - REJUDGED.unchangedMs;
  return webhooks.filter(
    (webhook) =>
      !sentTo.has(webhook.id) &&
      webhook.changedAt.getTime() < latest &&
      (event.testOf === null || event.testOf === webhook.id) &&
      event.troubleOf !== webhook.id &&
      matchEvent(webhook, event) === "match",
  );
}

const gets = (projectId: string) =>
  Prisma.sql`w.project_id = ${projectId} AND w.deleted_at IS NULL AND w.workflow_id IS NULL AND w.enabled`;
