import { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import { type EventVerdict, VERDICT_LIMITS } from "@/lib/contracts/verdicts";
import { filterSchema } from "@/lib/contracts/webhooks";
import { db } from "@/lib/db/client";
import { notFound } from "@/lib/errors";
import type { Delivery as DeliveryRow, Event as EventRow, Webhook as WebhookRow } from "@/lib/generated/prisma/client";
import { findAuthors } from "@/lib/webhooks/change-queries";
import { type Crowd, findCrowds, NO_CROWD } from "@/lib/webhooks/crowd";
import { toDelivery } from "@/lib/webhooks/delivery-view";
import { toJudgedEvent } from "@/lib/webhooks/judged-event";
import { MANAGED } from "@/lib/webhooks/request-webhooks";
import {
  canSend,
  type JudgedDelivery,
  type JudgedWebhook,
  judge,
  judgeNow,
  type Version,
  type Versions,
} from "@/lib/webhooks/verdict";
import { toWebhook } from "@/lib/webhooks/webhook-view";

const NO_VERSIONS: Versions = { judged: null, before: null, after: null, disabledBy: null };

/**
 * Every webhook's verdict on an event: those with a delivery first, then the newest webhook first, deleted ones last.
 * A handful of statements, whatever the number of webhooks.
 * @throws AppError "not_found"
 */
export async function listVerdicts(actor: Actor, eventId: string, now: Date): Promise<EventVerdict[]> {
  authorise(actor, "events:read");
  const { projectId } = actor;
  const row = await db.event.findFirst({ where: { id: eventId, projectId } });
  if (!row) throw notFound("event");
  const event = toJudgedEvent(row);
  const deliveries = await db.delivery.findMany({ where: { eventId, projectId } });
  const deliveryOf = new Map(deliveries.map((delivery) => [delivery.webhookId, delivery]));
  const webhooks = await findWebhooks(row, [...deliveryOf.keys()]);
  const [versionsOf, headOf, crowdOf] = await Promise.all([
    findVersions(
      projectId,
      row.createdAt,
      webhooks.map((webhook) => webhook.id).filter((id) => !deliveryOf.has(id)),
    ),
    findHeads(projectId, eventId),
    findCrowds(projectId, { eventId }),
  ]);

  return webhooks
    .map((webhook) => {
      const delivery = deliveryOf.get(webhook.id);
      const judged = toJudgedWebhook(webhook);
      const facts =
        delivery === undefined
          ? null
          : toFacts(delivery, headOf.get(delivery.id) ?? null, crowdOf.get(delivery.id) ?? NO_CROWD, now);
      const { since, until, ...judgement } = judge({
        event,
        webhook: judged,
        delivery: facts,
        versions: versionsOf.get(webhook.id) ?? NO_VERSIONS,
        now,
      });
      return {
        webhook: {
          id: webhook.id,
          url: webhook.url,
          description: webhook.description,
          status: webhook.deletedAt === null ? toWebhook(webhook).status : ("deleted" as const),
        },
        ...judgement,
        since: since?.toISOString() ?? null,
        until: until?.toISOString() ?? null,
        delivery: delivery === undefined ? null : toDelivery(delivery, now, webhook.workflowId !== null),
        now: judgeNow({ event, webhook: judged }),
        can_send: canSend(event, judged, facts),
      };
    })
    .sort((a, b) => rank(a) - rank(b));
}

function rank({ delivery, webhook }: EventVerdict): number {
  if (delivery !== null) return 0;
  return webhook.status === "deleted" ? 2 : 1;
}

/**
 * Newest first. Those deleted before the event could not get it; only the last of them are of interest. Of those that
 * requests brought along only the ones of its own workflow could ever get it.
 */
async function findWebhooks(
  { projectId, createdAt: at, correlationId, sequence }: EventRow,
  withDelivery: string[],
): Promise<WebhookRow[]> {
  const [present, gone] = await Promise.all([
    db.webhook.findMany({
      where: {
        projectId,
        OR: [
          { ...MANAGED, OR: [{ deletedAt: null }, { deletedAt: { gt: at } }] },
          ...(sequence === null ? [] : [{ workflow: { projectId, correlationId } }]),
          { id: { in: withDelivery } },
        ],
      },
    }),
    db.webhook.findMany({
      where: { projectId, ...MANAGED, deletedAt: { lte: at }, id: { notIn: withDelivery } },
      orderBy: { deletedAt: "desc" },
      take: VERDICT_LIMITS.deletedBefore,
    }),
  ]);
  return [...present, ...gone].sort((a, b) => (a.id < b.id ? 1 : -1));
}

const versionRow = z.object({
  webhook_id: z.string(),
  role: z.enum(["until", "after", "disabled"]),
  at: z.date(),
  kind: z.string(),
  by: z.string(),
  reason: z.string().nullable(),
  enabled: z.boolean(),
  event_types: z.array(z.string()),
  filter: filterSchema.nullable(),
});

/** The versions around the moment that `judge` asks for: a probe or two of an index for each webhook. */
async function findVersions(projectId: string, at: Date, webhookIds: string[]): Promise<Map<string, Versions>> {
  if (webhookIds.length === 0) return new Map();
  const found = await db.$queryRaw<unknown[]>`
    SELECT c.webhook_id, c.role, c.at, c.kind, c.by, c.reason, c.enabled, c.event_types, c.filter
      FROM unnest(${webhookIds}::text[]) AS w (id) CROSS JOIN LATERAL (
        (SELECT 'until' AS role, u.* FROM webhook_change u
          WHERE u.webhook_id = w.id AND u.project_id = ${projectId} AND u.at <= ${at}
          ORDER BY u.at DESC, u.id DESC LIMIT 2)
        UNION ALL
        (SELECT 'after', a.* FROM webhook_change a
          WHERE a.webhook_id = w.id AND a.project_id = ${projectId} AND a.at > ${at}
          ORDER BY a.at, a.id LIMIT 1)
        UNION ALL
        (SELECT 'disabled', d.* FROM webhook_change d
          WHERE d.webhook_id = w.id AND d.project_id = ${projectId} AND d.at <= ${at} AND NOT d.enabled
            AND d.id > coalesce((SELECT max(e.id) FROM webhook_change e
                                  WHERE e.webhook_id = w.id AND e.at <= ${at} AND e.enabled), 0)
          ORDER BY d.id LIMIT 1)
      ) c
     ORDER BY c.webhook_id, c.at DESC, c.id DESC`;
  const rows = z.array(versionRow).parse(found);
  const authorOf = await findAuthors(projectId, [...new Set(rows.map((row) => row.by))]);
  const toVersion = (row: z.output<typeof versionRow> | undefined): Version | null =>
    row === undefined
      ? null
      : {
          at: row.at,
          kind: row.kind,
          by: authorOf(row.by),
          reason: row.reason,
          enabled: row.enabled,
          eventTypes: row.event_types,
          filter: row.filter,
        };
  return new Map(
    [...Map.groupBy(rows, (row) => row.webhook_id)].map(([id, versions]) => {
      const [judged, before] = versions.filter((row) => row.role === "until");
      return [
        id,
        {
          judged: toVersion(judged),
          before: toVersion(before),
          after: toVersion(versions.find((row) => row.role === "after")),
          disabledBy: toVersion(versions.find((row) => row.role === "disabled")),
        },
      ];
    }),
  );
}

/** By delivery of the event that waits in a lane: the delivery at the head of the lane, where that is another one. */
async function findHeads(projectId: string, eventId: string): Promise<Map<string, string>> {
  const rows = await db.$queryRaw<{ id: string; head_id: string }[]>`
    SELECT d.id, head.id AS head_id
      FROM delivery d CROSS JOIN LATERAL (
        SELECT h.id FROM delivery h
         WHERE h.webhook_id = d.webhook_id AND h.lane = d.lane AND h.status = 'pending' AND h.lane IS NOT NULL
         ORDER BY h.seq LIMIT 1
      ) head
     WHERE d.event_id = ${eventId} AND d.project_id = ${projectId} AND d.status = 'pending' AND d.lane IS NOT NULL
       AND head.id <> d.id`;
  return new Map(rows.map((row) => [row.id, row.head_id]));
}

function toJudgedWebhook(row: WebhookRow): JudgedWebhook {
  return {
    id: row.id,
    eventTypes: row.eventTypes,
    enabled: row.enabled,
    filter: filterSchema.nullable().parse(row.filter),
    createdAt: row.createdAt,
    deletedAt: row.deletedAt,
    health: row.health,
    failingSince: row.failingSince,
    pausedUntil: row.pausedUntil,
    disabledAt: row.disabledAt,
    maxInFlight: row.maxInFlight,
    rateLimit: row.rateLimit,
  };
}

function toFacts(row: DeliveryRow, behind: string | null, crowd: Crowd, now: Date): JudgedDelivery {
  return {
    status: toDelivery(row, now, false).status,
    trigger: row.trigger,
    attemptCount: row.attemptCount,
    maxAttempts: row.maxAttempts,
    httpStatus: row.httpStatus,
    errorCode: row.errorCode,
    errorMessage: row.errorMessage,
    nextAttemptAt: row.nextAttemptAt,
    behind,
    crowd,
  };
}
