import { type Tx, transaction } from "@/lib/db/transaction";
import { demoCondition } from "@/lib/demo/conditions";
import { seedConfigurations } from "@/lib/demo/configurations";
import { demoEvents } from "@/lib/demo/events";
import { demoAttempts, demoOutcome } from "@/lib/demo/outcomes";
import { type Random, seededRandom } from "@/lib/demo/random";
import { seedReservations } from "@/lib/demo/reservations";
import { type CountedAttempt, demoStats } from "@/lib/demo/stats";
import { DEMO_WEBHOOKS, type DemoWebhook } from "@/lib/demo/webhooks";
import { seedWorkflows } from "@/lib/demo/workflows";
import { type Prisma, Prisma as PrismaRuntime } from "@/lib/generated/prisma/client";
import { newIdAt } from "@/lib/ids";
import { ensureReceiver, receiverUrl } from "@/lib/receiver/service";
import { matchEvent, maxAttempts } from "@/lib/webhooks/policy";
import { sealSecret } from "@/lib/webhooks/secrets";
import { generateSecret } from "@/lib/webhooks/signing-key";

const CHUNK = 500;
const DAY_MS = 24 * 3600 * 1000;

/**
 * Fills a project with a believable week: webhooks that point at the built-in receiver, in every state there is, and a
 * log with every outcome; and an installation without GPUs with a fleet and two months of bookings. What still waits is
 * sent when it is due, like any other delivery. The same for everybody, up to ids, secrets and the present time; one
 * transaction.
 * log with every outcome; and an installation without GPUs with a fleet and two months of bookings. What still waits is sent when it is due, like any other delivery. The same for everybody, up
 * to ids, secrets and the present time. The workflows come last,
 * by the very way that everything else takes, so that processors and webhooks work on them at once.
 */
export async function seedDemo(projectId: string, now: Date = new Date()): Promise<void> {
  const random = seededRandom(20_261_121);
  await transaction(
    async (tx) => {
      await seedConfigurations(tx, projectId, now);
      await seedReservations(tx, projectId, now);
      const url = receiverUrl(await ensureReceiver(tx, projectId));
      const webhooks = DEMO_WEBHOOKS.map((webhook, index) => {
        const createdAt = new Date(now.getTime() - (40 - index) * DAY_MS);
        return { ...webhook, id: newIdAt("webhook", createdAt), createdAt, secret: generateSecret(), url };
      });
      const week = demoWeek({ projectId, webhooks, now, random });
      await createWebhooks(tx, { projectId, webhooks, week, now });
      await inChunks(week.events, (data) => tx.event.createMany({ data }));
      await inChunks(week.deliveries, (data) => tx.delivery.createMany({ data }));
      await inChunks(week.attempts, (data) => tx.attempt.createMany({ data }));
      await inChunks(demoStats(projectId, week.counted), (data) => tx.webhookStat.createMany({ data }));
    },
    { timeoutMs: 60_000 },
  );
  await seedWorkflows(projectId);
}

type SeededWebhook = DemoWebhook & { id: string; createdAt: Date; secret: string; url: string };
type DemoAttempt = ReturnType<typeof demoAttempts>[number];

function wants({ eventTypes, filter }: DemoWebhook, event: DemoEvent["row"]): boolean {
  const subscription = { eventTypes, enabled: true, filter: filter ?? null };
  return matchEvent(subscription, { ...event, application: null, body: JSON.parse(event.body) }) === "match";
}

type DemoEvent = ReturnType<typeof demoEvents>[number];

/** The rows of the log, and how each attempt is counted. */
type Week = {
  events: Prisma.EventCreateManyInput[];
  deliveries: Prisma.DeliveryCreateManyInput[];
  attempts: DemoAttempt[];
  counted: CountedAttempt[];
  attemptsOf: Map<string, DemoAttempt[]>;
  lastSeqOf: Map<string, bigint>;
};

type WeekInput = { projectId: string; webhooks: SeededWebhook[]; now: Date; random: Random };

function demoWeek({ projectId, webhooks, now, random }: WeekInput): Week {
  const week: Week = {
    events: [],
    deliveries: [],
    attempts: [],
    counted: [],
    attemptsOf: new Map(webhooks.map(({ id }) => [id, []])),
    lastSeqOf: new Map(),
  };
  for (const event of demoEvents(now, random)) {
    const before = week.deliveries.length;
    for (const webhook of webhooks) {
      if (!wants(webhook, event.row)) continue;
      const ended = webhook.goneSince ?? webhook.deletedSince;
      if (ended !== undefined && event.at.getTime() > now.getTime() - ended) continue;
      const outcome = demoOutcome({ webhook, at: event.at, now, random });
      const id = newIdAt("delivery", event.at);
      const seq = webhook.ordering === "strict" ? (week.lastSeqOf.get(webhook.id) ?? 0n) + 1n : null;
      if (seq !== null) week.lastSeqOf.set(webhook.id, seq);
      const attempts = demoAttempts({ deliveryId: id, event: event.row, webhook, outcome, random });
      const last = attempts.at(-1);
      week.attempts.push(...attempts);
      week.attemptsOf.get(webhook.id)?.push(...attempts);
      week.counted.push(
        ...attempts.map((attempt) => ({
          webhookId: webhook.id,
          startedAt: attempt.startedAt,
          latencyMs: attempt.latencyMs,
          queueMs: attempt.timings.queue_ms,
          succeeded: attempt.errorCode === null,
          givenUp: outcome.status === "failed" && attempt === last,
        })),
      );
      week.deliveries.push({
        id,
        projectId,
        eventId: event.row.id,
        webhookId: webhook.id,
        eventType: event.row.type,
        url: webhook.url,
        status: outcome.status,
        attemptCount: attempts.length,
        maxAttempts: maxAttempts(webhook.retry),
        nextAttemptAt: outcome.nextAttemptAt,
        lane: seq === null ? null : event.lane,
        seq,
        httpStatus: last?.httpStatus ?? null,
        errorCode: last?.errorCode ?? null,
        errorMessage: last?.errorMessage ?? null,
        latencyMs: last?.latencyMs ?? null,
        createdAt: event.at,
        completedAt:
          outcome.status === "pending"
            ? null
            : new Date((last?.startedAt ?? event.at).getTime() + (last?.latencyMs ?? 0)),
      });
    }
    week.events.push({ ...event.row, projectId, deliveryCount: week.deliveries.length - before });
  }
  return week;
}

type WebhooksInput = { projectId: string; webhooks: SeededWebhook[]; week: Week; now: Date };

async function createWebhooks(tx: Tx, { projectId, webhooks, week, now }: WebhooksInput): Promise<void> {
  const owner = await tx.member.findFirst({ where: { projectId, role: "owner" } });
  const by = owner?.userId ?? "system";
  await tx.webhook.createMany({
    data: webhooks.map((webhook) => ({
      id: webhook.id,
      projectId,
      url: webhook.url,
      description: webhook.description,
      eventTypes: webhook.eventTypes,
      ...demoCondition(webhook, webhook.createdAt, week.attemptsOf.get(webhook.id) ?? [], now),
      deletedAt: webhook.deletedSince === undefined ? null : new Date(now.getTime() - webhook.deletedSince),
      filter: webhook.filter ?? PrismaRuntime.DbNull,
      secret: sealSecret(webhook.id, webhook.secret),
      ordering: webhook.ordering,
      orderKey: webhook.orderKey,
      retry: webhook.retry,
      lastSeq: week.lastSeqOf.get(webhook.id) ?? 0n,
      createdAt: webhook.createdAt,
      updatedAt: webhook.createdAt,
    })),
  });
  await tx.webhookChange.createMany({
    data: webhooks.flatMap((webhook) => {
      const { id: webhookId, url, eventTypes, goneSince, deletedSince } = webhook;
      const filter = webhook.filter ?? PrismaRuntime.DbNull;
      const change = { webhookId, projectId, url, eventTypes, filter, by, enabled: true };
      const reason = week.attemptsOf.get(webhookId)?.at(-1)?.errorMessage ?? null;
      return [
        { ...change, at: webhook.createdAt, kind: "created" },
        ...(goneSince === undefined
          ? []
          : [
              {
                ...change,
                at: new Date(now.getTime() - goneSince),
                kind: "disabled",
                by: "system",
                reason,
                enabled: false,
              },
            ]),
        ...(deletedSince === undefined
          ? []
          : [{ ...change, at: new Date(now.getTime() - deletedSince), kind: "deleted", enabled: false }]),
      ];
    }),
  });
}

async function inChunks<T>(rows: T[], insert: (chunk: T[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < rows.length; start += CHUNK) await insert(rows.slice(start, start + CHUNK));
}
