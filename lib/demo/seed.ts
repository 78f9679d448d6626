import { type Tx, transaction } from "@/lib/db/transaction";
import { demoEvents } from "@/lib/demo/events";
import { demoAttempts, demoOutcome } from "@/lib/demo/outcomes";
import { seededRandom } from "@/lib/demo/random";
import { DEMO_WEBHOOKS, type DemoWebhook } from "@/lib/demo/webhooks";
import { type Prisma, Prisma as PrismaRuntime } from "@/lib/generated/prisma/client";
import { newIdAt, timeOfId } from "@/lib/ids";
import { ensureReceiver, receiverUrl } from "@/lib/receiver/service";
import { matchEvent, maxAttempts } from "@/lib/webhooks/policy";
import { sealSecret } from "@/lib/webhooks/secrets";
import { generateSecret } from "@/lib/webhooks/signing-key";

const CHUNK = 500;

/**
 * Fills a project with a believable week: webhooks that point at the built-in receiver and a log with every outcome.
 * What still waits is sent when it is due, like any other delivery. The same for everybody, up to ids, secrets and the present time; one transaction.
 */
export async function seedDemo(projectId: string, now: Date = new Date()): Promise<void> {
  const random = seededRandom(20_261_121);
  await transaction(
    async (tx) => {
      const url = receiverUrl(await ensureReceiver(tx, projectId));
      const webhooks = DEMO_WEBHOOKS.map((webhook, index) => ({
        ...webhook,
        id: newIdAt("webhook", new Date(now.getTime() - (40 - index) * 24 * 3600 * 1000)),
        secret: generateSecret(),
        url,
      }));
      await createWebhooks(tx, projectId, webhooks, now);

      const rows = {
        events: [] as Prisma.EventCreateManyInput[],
        deliveries: [] as Prisma.DeliveryCreateManyInput[],
        attempts: [] as Prisma.AttemptCreateManyInput[],
      };
      const sequence = new Map<string, bigint>();
      for (const event of demoEvents(now, random)) {
        const before = rows.deliveries.length;
        for (const webhook of webhooks) {
          if (!wants(webhook, event.row)) continue;
          const ended = webhook.disabledSince ?? webhook.deletedSince;
          if (ended !== undefined && event.at.getTime() > now.getTime() - ended) continue;
          const outcome = demoOutcome({ webhook, at: event.at, now, random });
          const id = newIdAt("delivery", event.at);
          const seq = webhook.ordering === "strict" ? (sequence.get(webhook.id) ?? 0n) + 1n : null;
          if (seq !== null) sequence.set(webhook.id, seq);
          const attempts = demoAttempts({ deliveryId: id, event: event.row, webhook, outcome, random });
          const last = attempts.at(-1);
          rows.attempts.push(...attempts);
          rows.deliveries.push({
            id,
            projectId,
            eventId: event.row.id,
            webhookId: webhook.id,
            eventType: event.row.type,
            url,
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
        rows.events.push({ ...event.row, projectId, deliveryCount: rows.deliveries.length - before });
      }
      await inChunks(rows.events, (data) => tx.event.createMany({ data }));
      await inChunks(rows.deliveries, (data) => tx.delivery.createMany({ data }));
      await inChunks(rows.attempts, (data) => tx.attempt.createMany({ data }));
      for (const [id, lastSeq] of sequence) await tx.webhook.update({ where: { id }, data: { lastSeq } });
    },
    { timeoutMs: 60_000 },
  );
}

function wants({ eventTypes, filter }: DemoWebhook, event: DemoEvent["row"]): boolean {
  const subscription = { eventTypes, enabled: true, filter: filter ?? null };
  return matchEvent(subscription, { ...event, application: null }) === "match";
}

type DemoEvent = ReturnType<typeof demoEvents>[number];
type SeededWebhook = DemoWebhook & { id: string; secret: string; url: string };

async function createWebhooks(tx: Tx, projectId: string, webhooks: SeededWebhook[], now: Date): Promise<void> {
  await tx.webhook.createMany({
    data: webhooks.map((webhook) => ({
      id: webhook.id,
      projectId,
      url: webhook.url,
      description: webhook.description,
      eventTypes: webhook.eventTypes,
      enabled: webhook.disabledSince === undefined && webhook.deletedSince === undefined,
      deletedAt: webhook.deletedSince === undefined ? null : ago(now, webhook.deletedSince),
      ...(webhook.disabledSince !== undefined && {
        disabledReason: "gone",
        disabledAt: ago(now, webhook.disabledSince),
      }),
      createdAt: timeOfId(webhook.id),
      filter: webhook.filter ?? PrismaRuntime.DbNull,
      secret: sealSecret(webhook.id, webhook.secret),
      ordering: webhook.ordering,
      orderKey: webhook.orderKey,
      retry: webhook.retry,
    })),
  });
  const owner = await tx.member.findFirst({ where: { projectId, role: "owner" }, select: { userId: true } });
  const by = owner?.userId ?? "system";
  await tx.webhookChange.createMany({
    data: webhooks.flatMap((webhook) => historyOf(projectId, webhook, { now, by })),
  });
}

/** What `webhook_change` says: somebody made these webhooks and deleted one, and one answered 410. */
function historyOf(
  projectId: string,
  { id, url, eventTypes, filter, disabledSince, deletedSince }: SeededWebhook,
  { now, by }: { now: Date; by: string },
): Prisma.WebhookChangeCreateManyInput[] {
  const version = {
    webhookId: id,
    projectId,
    by,
    enabled: false,
    url,
    eventTypes,
    filter: filter ?? PrismaRuntime.DbNull,
  };
  const gone = { by: "system", reason: "Answered 410. Only 2xx counts as delivered." };
  return [
    { ...version, kind: "created", at: timeOfId(id), enabled: true },
    ...(disabledSince === undefined ? [] : [{ ...version, ...gone, kind: "disabled", at: ago(now, disabledSince) }]),
    ...(deletedSince === undefined ? [] : [{ ...version, kind: "deleted", at: ago(now, deletedSince) }]),
  ];
}

function ago(now: Date, ms: number): Date {
  return new Date(now.getTime() - ms);
}

async function inChunks<T>(rows: T[], insert: (chunk: T[]) => Promise<unknown>): Promise<void> {
  for (let start = 0; start < rows.length; start += CHUNK) await insert(rows.slice(start, start + CHUNK));
}
