import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import type { FieldError } from "@/lib/contracts/problem";
import type { sendEvent as operation } from "@/lib/contracts/verdicts";
import { retrySchema } from "@/lib/contracts/webhooks";
import { type Tx, transaction } from "@/lib/db/transaction";
import { AppError, notFound } from "@/lib/errors";
import type { Event as EventRow, Webhook as WebhookRow } from "@/lib/generated/prisma/client";
import { makeDue } from "@/lib/webhooks/delivery-retry";
import { toDeliveries } from "@/lib/webhooks/delivery-view";
import { addDeliveries } from "@/lib/webhooks/insert-deliveries";
import { toJudgedEvent } from "@/lib/webhooks/judged-event";
import { refusalToSend } from "@/lib/webhooks/verdict";

type Sent = z.input<typeof operation.response>;

/**
 * Sends an event to these webhooks, whatever they subscribe to: a missing delivery is stored, one that waits is due
 * now, one that ended gets a further attempt, and one that is under way is left as it is.
 *
 * The event's lock makes two of these follow one another, so that there is one delivery and `delivery_count` is right.
 * After it come the webhooks' and then the deliveries', in the order in which disabling takes them.
 * @throws AppError "not_found", "conflict" when a webhook is disabled or deleted, or the event is another one's test;
 *   `errors` names each, and nothing is sent then
 */
export async function sendEvent(actor: Actor, eventId: string, webhookIds: readonly string[]): Promise<Sent> {
  authorise(actor, "deliveries:retry");
  const wanted = [...new Set(webhookIds)];
  return transaction(async (tx) => {
    const event = await lockEvent(tx, actor, eventId);
    const webhooks = await lockWebhooks(tx, event, wanted);
    refuse(event, webhooks, webhookIds);
    const present = await lockDeliveries(tx, eventId, wanted);

    const ready = present.filter(({ under_way }) => !under_way).map(({ id }) => id);
    if (ready.length > 0) await makeDue(tx, actor.projectId, ready);
    const created = await addMissing(
      tx,
      event,
      webhooks.filter((webhook) => present.every((delivery) => delivery.webhook_id !== webhook.id)),
    );
    const now = new Date();
    const rows = await tx.delivery.findMany({
      where: { eventId, webhookId: { in: wanted }, projectId: actor.projectId },
      orderBy: { id: "asc" },
    });
    return { deliveries: await toDeliveries(rows, now, tx), created };
  });
}

async function lockEvent(tx: Tx, { projectId }: Actor, eventId: string): Promise<EventRow> {
  await tx.$queryRaw`SELECT 1 FROM event WHERE id = ${eventId} AND project_id = ${projectId} FOR NO KEY UPDATE`;
  const event = await tx.event.findFirst({ where: { id: eventId, projectId } });
  if (!event) throw notFound("event");
  return event;
}

function lockDeliveries(tx: Tx, eventId: string, webhookIds: string[]) {
  return tx.$queryRaw<{ id: string; webhook_id: string; under_way: boolean }[]>`
    SELECT id, webhook_id, status = 'pending' AND coalesce(lease_until > now(), false) AS under_way
      FROM delivery WHERE event_id = ${eventId} AND webhook_id = ANY(${webhookIds}) ORDER BY id FOR UPDATE`;
}

/** As strongly as numbering an ordered one locks it: a weaker lock that is raised later could end in a deadlock. */
async function lockWebhooks(tx: Tx, { projectId, correlationId }: EventRow, ids: string[]): Promise<WebhookRow[]> {
  await tx.$queryRaw`
    SELECT 1 FROM webhook WHERE id = ANY(${ids}) AND project_id = ${projectId} ORDER BY id FOR NO KEY UPDATE`;
  const rows = await tx.webhook.findMany({
    // What a request brought along gets the events of its workflow and no others.
    where: { id: { in: ids }, projectId, OR: [{ workflowId: null }, { workflow: { correlationId } }] },
    orderBy: { id: "asc" },
  });
  if (rows.length < ids.length) throw notFound("webhook");
  return rows;
}

function refuse(event: EventRow, webhooks: readonly WebhookRow[], given: readonly string[]): void {
  const judged = toJudgedEvent(event);
  const errors: FieldError[] = webhooks.flatMap((webhook) => {
    const message = refusalToSend(judged, webhook);
    return message === null ? [] : [{ field: `webhook_ids[${given.indexOf(webhook.id)}]`, message }];
  });
  const [first] = errors;
  if (!first) return;
  const detail =
    errors.length === 1 ? first.message : `${errors.length} of these webhooks cannot be sent to. ${first.message}`;
  throw new AppError("conflict", `${detail} Nothing was sent.`, { errors });
}

/** @returns how many were stored */
async function addMissing(tx: Tx, row: EventRow, webhooks: readonly WebhookRow[]): Promise<number> {
  if (webhooks.length === 0) return 0;
  const event = { id: row.id, type: row.type, body: JSON.parse(row.body) };
  const items = webhooks.map(({ id, url, ordering, orderKey, retry }) => ({
    event,
    webhook: { id, url, ordering, orderKey, retry: retrySchema.parse(retry) },
  }));
  return (await addDeliveries(tx, row.projectId, items, { trigger: "manual" })).length;
}
