import { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { MISSED_LIMITS, type MissedEvents } from "@/lib/contracts/missed";
import { filterSchema } from "@/lib/contracts/webhooks";
import { db } from "@/lib/db/client";
import { notFound } from "@/lib/errors";
import type { Webhook as WebhookRow } from "@/lib/generated/prisma/client";
import { firstIdAt } from "@/lib/ids";
import { isAboutItself, matchEvent } from "@/lib/webhooks/policy";
import { MANAGED } from "@/lib/webhooks/request-webhooks";

/** Events of one reading. */
const PAGE = 5_000;

/** From when to when a webhook got nothing; `to` is null while that lasts. */
type Gap = { from: Date; to: Date | null };

/**
 * How many events passed a webhook by in the last stretch in which it was disabled. Those that reached it later, by a
 * replay, do not count. Bounded by MISSED_LIMITS. @throws AppError "not_found".
 */
export async function missedEvents(actor: Actor, webhookId: string): Promise<MissedEvents> {
  authorise(actor, "webhooks:read");
  const webhook = await db.webhook.findFirst({
    where: { id: webhookId, projectId: actor.projectId, deletedAt: null, ...MANAGED },
  });
  if (!webhook) throw notFound("webhook");
  const gap = await lastGap(webhook);
  if (gap === null) return { from: null, to: null, events: 0, more: false };
  return { from: gap.from.toISOString(), to: gap.to?.toISOString() ?? null, ...(await countMissed(webhook, gap)) };
}

async function lastGap(webhook: WebhookRow): Promise<Gap | null> {
  if (!webhook.enabled) return { from: webhook.disabledAt ?? webhook.createdAt, to: null };
  const enabled = await db.webhookChange.findFirst({
    where: { webhookId: webhook.id, kind: "enabled" },
    orderBy: { id: "desc" },
  });
  if (!enabled) return null;
  // Created as disabled: the stretch began there.
  const before = await db.webhookChange.findFirst({
    where: { webhookId: webhook.id, kind: { in: ["disabled", "created"] }, id: { lt: enabled.id } },
    orderBy: { id: "desc" },
  });
  return before && { from: before.at, to: enabled.at };
}

type EventRow = {
  id: string;
  type: string;
  labels: Record<string, string>;
  application: string | null;
  environment: string | null;
  body: Record<string, unknown>;
};

const dataSchema = z.object({ data: z.record(z.string(), z.unknown()) });

async function countMissed(webhook: WebhookRow, { from, to }: Gap): Promise<{ events: number; more: boolean }> {
  const subscription = {
    eventTypes: webhook.eventTypes,
    filter: webhook.filter === null ? null : filterSchema.parse(webhook.filter),
    enabled: true,
  };
  const end = firstIdAt("event", to ?? new Date(Date.now() + 60_000));
  let after = firstIdAt("event", from);
  let events = 0;
  for (let examined = 0; examined < MISSED_LIMITS.examined; examined += PAGE) {
    // Tests are meant for one webhook each, and nobody misses those of another.
    const page = await db.$queryRaw<EventRow[]>`
      SELECT e.id, e.type, e.labels, e.application, e.environment, e.body::jsonb AS body FROM event e
       WHERE e.project_id = ${webhook.projectId} AND e.id > ${after} AND e.id < ${end} AND e.source NOT IN ('test', 'forged_test')
         AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.event_id = e.id AND d.webhook_id = ${webhook.id})
       ORDER BY e.id LIMIT ${PAGE}`;
    events += page.filter(
      (event) =>
        matchEvent(subscription, event) === "match" &&
        !isAboutItself({ type: event.type, data: dataSchema.safeParse(event.body).data?.data ?? {} }, webhook.id),
    ).length;
    if (events > MISSED_LIMITS.counted) return { events: MISSED_LIMITS.counted, more: true };
    const last = page.at(-1);
    if (page.length < PAGE || !last) return { events, more: false };
    after = last.id;
  }
  return { events, more: true };
}
