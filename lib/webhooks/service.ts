import type { z } from "zod";
import { type Actor, authorise } from "@/lib/accounts/actor";
import type { FieldError } from "@/lib/contracts/problem";
import {
  type createWebhookBody,
  type testWebhookBody,
  type updateWebhookBody,
  WEBHOOK_LIMITS,
  type Webhook,
  type WebhookWithSecret,
} from "@/lib/contracts/webhooks";
import { db } from "@/lib/db/client";
import { afterCommit, type Tx, transaction } from "@/lib/db/transaction";
import { httpRule, publicOrigin, webhooksFile } from "@/lib/env";
import { AppError, invalidField, notFound } from "@/lib/errors";
import { Prisma as PrismaRuntime, type Webhook as WebhookRow } from "@/lib/generated/prisma/client";
import { newId } from "@/lib/ids";
import { announceWebhooksChanged } from "@/lib/live/channel";
import { egressPolicy } from "@/lib/net/address";
import { checkDestination } from "@/lib/net/destination";
import { checkCustomHeaders, MASK } from "@/lib/net/headers";
import { wakeWorkers } from "@/lib/queue/wake";
import { recordChange } from "@/lib/webhooks/changes";
import { type EmittedEvent, emit } from "@/lib/webhooks/emit";
import { disable, enable } from "@/lib/webhooks/enabling";
import { FORGED_TEST } from "@/lib/webhooks/forged-test";
import { livePrevious } from "@/lib/webhooks/key-ring";
import { remove } from "@/lib/webhooks/removing";
import { MANAGED } from "@/lib/webhooks/request-webhooks";
import { secretErrors } from "@/lib/webhooks/rotation-policy";
import { openHeaders, sealHeaders, sealSecret } from "@/lib/webhooks/secrets";
import { generateSecret } from "@/lib/webhooks/signing-key";
import { toWebhook } from "@/lib/webhooks/webhook-view";

/** Newest first. */
export async function listWebhooks(actor: Actor): Promise<Webhook[]> {
  authorise(actor, "webhooks:read");
  const rows = await db.webhook.findMany({
    where: { projectId: actor.projectId, deletedAt: null, ...MANAGED },
    orderBy: { id: "desc" },
  });
  return rows.map(toWebhook);
}

/** @throws AppError "not_found". */
export async function getWebhook(actor: Actor, webhookId: string): Promise<Webhook> {
  authorise(actor, "webhooks:read");
  return toWebhook(await findWebhook(db, actor, webhookId));
}

/**
 * @returns the webhook with its secret, which is not shown again (null for an unsigned one)
 * @throws AppError "validation_failed" for a URL or headers that are not allowed, "conflict" at the project's limit
 */
export async function createWebhook(
  actor: Actor,
  body: z.output<typeof createWebhookBody>,
): Promise<WebhookWithSecret> {
  authorise(actor, "webhooks:write");
  refuse([
    ...urlErrors(body.url),
    ...headerErrors(body.headers),
    ...orderErrors(body.ordering, body.order_key),
    ...secretErrors(body),
  ]);
  const id = newId("webhook");
  const secret = body.secret === undefined ? generateSecret(body.signing) : body.secret;
  const row = await transaction(async (tx) => {
    const present = await tx.webhook.count({ where: { projectId: actor.projectId, deletedAt: null, ...MANAGED } });
    if (present >= WEBHOOK_LIMITS.perProject) {
      throw new AppError("conflict", `A project has at most ${WEBHOOK_LIMITS.perProject} webhooks; delete one first.`);
    }
    afterCommit(tx, () => announceWebhooksChanged(actor.projectId));
    const created = await tx.webhook.create({
      data: {
        id,
        projectId: actor.projectId,
        url: body.url,
        description: body.description,
        eventTypes: body.event_types,
        enabled: body.enabled,
        ...(!body.enabled && { disabledReason: "manual", disabledAt: new Date() }),
        secret: secret === null ? null : sealSecret(id, secret),
        signing: body.signing,
        ordering: body.ordering,
        orderKey: body.order_key,
        retry: body.retry,
        headers: sealHeaders(id, body.headers),
        filter: body.filter ?? PrismaRuntime.DbNull,
        maxInFlight: body.max_in_flight,
        rateLimit: body.rate_limit,
      },
    });
    await recordChange(tx, created, { kind: "created", by: actor.subject.id });
    return created;
  });
  return { ...toWebhook(row), secret };
}

/**
 * Changes the fields given. Disabling takes the due times of waiting deliveries away, enabling makes them due at once.
 * @throws AppError "not_found", "validation_failed", "conflict" for a webhook that belongs to the configuration file
 */
export async function updateWebhook(
  actor: Actor,
  webhookId: string,
  body: z.output<typeof updateWebhookBody>,
): Promise<Webhook> {
  authorise(actor, "webhooks:write");
  return transaction(async (tx) => {
    const by = actor.subject.id;
    const present = await lockEditable(tx, actor, webhookId);
    const headers = body.headers && withMasksResolved(body.headers, openHeaders(webhookId, present.headers));
    refuse([
      ...(body.url === undefined ? [] : urlErrors(body.url)),
      ...(headers ? headerErrors(headers) : []),
      ...orderErrors(
        body.ordering ?? present.ordering,
        body.order_key === undefined ? present.orderKey : body.order_key,
      ),
    ]);
    const updated = await tx.webhook.update({
      where: { id: webhookId },
      data: {
        ...(body.url !== undefined && { url: body.url }),
        ...(body.description !== undefined && { description: body.description }),
        ...(body.event_types !== undefined && { eventTypes: body.event_types }),
        ...(body.ordering !== undefined && { ordering: body.ordering }),
        ...(body.order_key !== undefined && { orderKey: body.order_key }),
        ...(body.retry !== undefined && { retry: body.retry }),
        ...(headers !== undefined && { headers: sealHeaders(webhookId, headers) }),
        ...(body.filter !== undefined && { filter: body.filter ?? PrismaRuntime.DbNull }),
        ...(body.max_in_flight !== undefined && { maxInFlight: body.max_in_flight }),
        ...(body.rate_limit !== undefined && { rateLimit: body.rate_limit }),
        // Secrets whose overlap is over are forgotten at the next change.
        previousSecrets: livePrevious(present.previousSecrets, new Date()),
      },
    });
    if (body.url !== undefined || body.event_types !== undefined || body.filter !== undefined) {
      await recordChange(tx, updated, { kind: "updated", by });
    }
    const row = await switchTo(tx, updated, body.enabled, by);
    afterCommit(tx, () => {
      wakeWorkers();
      announceWebhooksChanged(actor.projectId);
    });
    return toWebhook(row);
  });
}

/** Cancels what is waiting; what is under way is still recorded. @throws AppError "not_found", "conflict". */
export async function deleteWebhook(actor: Actor, webhookId: string): Promise<void> {
  authorise(actor, "webhooks:write");
  await transaction(async (tx) => {
    await lockEditable(tx, actor, webhookId);
    await remove(tx, webhookId, { by: actor.subject.id });
    afterCommit(tx, () => announceWebhooksChanged(actor.projectId));
  });
}

/**
 * Emits `webhook.test` to this webhook alone, also while it is disabled. A tampered one is signed with a key that nobody
 * has and sent once: a refusal is what it is after, and not a reason to try again.
 * @throws AppError "not_found", "conflict" for a tampered test of a webhook that does not sign
 */
export async function testWebhook(
  actor: Actor,
  webhookId: string,
  { signature }: z.output<typeof testWebhookBody> = { signature: "valid" },
): Promise<EmittedEvent> {
  authorise(actor, "webhooks:write");
  return transaction(async (tx) => {
    const { secret } = await findWebhook(tx, actor, webhookId);
    const tampered = signature === "tampered";
    if (tampered && secret === null) {
      throw new AppError(
        "conflict",
        "This webhook signs nothing, so there is no signature to tamper with. Give it a secret first.",
      );
    }
    const event = {
      type: "webhook.test",
      data: {
        webhook_id: webhookId,
        message: tampered
          ? "The signature of this test is forged. Refuse it with 401."
          : "This is a test event from Dumont.",
      },
      source: tampered ? FORGED_TEST : "test",
    } as const;
    return emit(tx, actor.projectId, event, { webhookId, ...(tampered && { attempts: 1 }) });
  });
}

/** @throws AppError "not_found". */
export async function findWebhook(client: Tx | typeof db, actor: Actor, webhookId: string) {
  const row = await client.webhook.findFirst({
    where: { id: webhookId, projectId: actor.projectId, deletedAt: null, ...MANAGED },
  });
  if (!row) throw notFound("webhook");
  return row;
}

/**
 * Locks the row first, so that two changes at once follow one another instead of mixing.
 * @throws AppError "not_found", "conflict" for a webhook that belongs to the configuration file
 */
export async function lockEditable(tx: Tx, actor: Actor, webhookId: string) {
  await tx.$queryRaw`SELECT 1 FROM webhook WHERE id = ${webhookId} AND project_id = ${actor.projectId} FOR NO KEY UPDATE`;
  const row = await findWebhook(tx, actor, webhookId);
  if (row.source === "file")
    throw new AppError("conflict", `This webhook belongs to the configuration file; change it in ${webhooksFile}.`);
  return row;
}

/** @param enabled undefined: as it is */
async function switchTo(tx: Tx, webhook: WebhookRow, enabled: boolean | undefined, by: string): Promise<WebhookRow> {
  if (enabled === undefined || enabled === webhook.enabled) return webhook;
  return enabled ? enable(tx, webhook.id, { by }) : disable(tx, webhook.id, { reason: "manual", by });
}

function urlErrors(url: string): FieldError[] {
  const problem = checkDestination(url, { policy: egressPolicy(), http: httpRule, selfOrigin: publicOrigin });
  return problem === null ? [] : [{ field: "url", message: problem }];
}

function headerErrors(headers: Record<string, string>): FieldError[] {
  return checkCustomHeaders(headers).map(({ name, message }) => ({ field: `headers.${name}`, message }));
}

function orderErrors(ordering: string, orderKey: string | null): FieldError[] {
  if (ordering === "strict" || orderKey === null) return [];
  return [{ field: "order_key", message: 'An order key has a meaning only with "ordering": "strict".' }];
}

/** @throws AppError "validation_failed" naming every field, when there are errors. */
export function refuse(errors: FieldError[]): void {
  const [first] = errors;
  if (!first) return;
  if (errors.length === 1) throw invalidField(first.field, first.message);
  throw new AppError("validation_failed", `Check ${errors.map((error) => error.field).join(", ")}.`, { errors });
}

/** A masked value that comes back unchanged means "keep what is stored". */
function withMasksResolved(given: Record<string, string>, stored: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [name, value === MASK ? (stored[name] ?? value) : value]),
  );
}
