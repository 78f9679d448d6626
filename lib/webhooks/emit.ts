import { EVENT_LIMITS, type EventSource } from "@/lib/contracts/events";
import { retrySchema } from "@/lib/contracts/webhooks";
import { afterCommit, type Tx } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { Prisma } from "@/lib/generated/prisma/client";
import { newId, timeOfId } from "@/lib/ids";
import { announceEvents } from "@/lib/live/channel";
import { traceEmit } from "@/lib/telemetry/trace";
import {
  announceStored,
  insertStatement,
  type NewDeliveryOptions,
  prepareDeliveries,
  type Target,
} from "@/lib/webhooks/insert-deliveries";
import { storedFilter } from "@/lib/webhooks/payload-filter";
import { isAboutItself, matchEvent } from "@/lib/webhooks/policy";
import { storedJson } from "@/lib/webhooks/stored-json";
import { turns } from "@/lib/webhooks/turns";
import { currentWorkflow } from "@/lib/workflows/context";

export type NewEvent = {
  type: string;
  data: Record<string, unknown>;
  source: EventSource;
  occurredAt?: Date | undefined;
  labels?: Record<string, string> | undefined;
  application?: string | undefined;
  environment?: string | undefined;
  /** Its workflow; the one that is worked for (see inWorkflow) unless given. */
  correlationId?: string | undefined;
  /** Only of artifact.published: the artifact whole, and the number that it was given under its workflow's lock. */
  artifact?: { eventId: string; workflowId: string; sequence: number; body: Record<string, unknown> } | undefined;
};

export type EmittedEvent = {
  id: string;
  type: string;
  correlationId: string;
  /** Its number within the workflow; null where it belongs to none. */
  sequence: number | null;
  deliveries: { id: string; webhookId: string }[];
};

/**
 * Stores an event and one delivery per matching webhook, in the caller's transaction: the event exists if and only if
 * the change it reports does. Two statements, three where a strictly ordered webhook matches, whatever the number of
 * webhooks. Sending is left to the workers, which are woken after the commit. An event of a workflow takes its number
 * under the lock of the workflow's row, before any webhook's row is locked.
 *
 * @param only send to this webhook alone, whatever it subscribes to and even while it is disabled; at most `attempts`
 *   times, where that is given
 * @throws AppError "payload_too_large" when `data` exceeds EVENT_LIMITS.dataBytes
 */
export function emit(tx: Tx, projectId: string, event: NewEvent, only?: Only): Promise<EmittedEvent> {
  return traceEmit({ type: event.type, projectId }, () => store(tx, projectId, event, only));
}

type Only = { webhookId: string; attempts?: number };

async function store(tx: Tx, projectId: string, event: NewEvent, only?: Only): Promise<EmittedEvent> {
  const id = event.artifact?.eventId ?? newId("event");
  const workflow = event.correlationId ?? (only ? undefined : currentWorkflow(projectId)?.correlationId);
  const correlationId = workflow ?? id;
  const { webhooks, sequence } = await readWebhooks(tx, projectId, { workflow, numbered: event.artifact, only });
  const body = serialise(id, { workflow, sequence }, event);

  const targets = await findTargets(webhooks, { event, text: body.text }, only);
  const options: NewDeliveryOptions = only ? { trigger: "test", attempts: only.attempts } : { trigger: "auto" };
  const rows = await prepareDeliveries(
    tx,
    targets.map((webhook) => ({ event: { id, type: event.type, body: body.value }, webhook })),
    options,
  );
  const { application = null, environment = null, labels = {}, source, type } = event;
  await tx.$executeRaw`
    WITH stored AS (
      INSERT INTO event (id, project_id, type, body, labels, application, environment, correlation_id, sequence, source, delivery_count, occurred_at, created_at)
      VALUES (${id}, ${projectId}, ${type}, ${body.text}, ${JSON.stringify(labels)}::jsonb, ${application}, ${environment},
              ${correlationId}, ${sequence}, ${source}, ${rows.length}, ${body.occurredAt}, ${timeOfId(id)}))
    ${insertStatement(projectId, rows, options)}`;
  afterCommit(tx, () => announceEvents(projectId, [id]));
  announceStored(
    tx,
    projectId,
    rows.map((row) => row.id),
  );
  const deliveries = rows.map((row) => ({ id: row.id, webhookId: row.webhook_id }));
  return { id, type, correlationId, sequence, deliveries };
}

/** Filter and retry as JSON text, not yet parsed: most of them are known already. */
type WebhookRow = [
  id: string,
  url: string,
  enabled: boolean,
  eventTypes: string[],
  filter: string | null,
  ordering: string,
  orderKey: string | null,
  retry: string,
];

const storedRetry = storedJson((value) => retrySchema.parse(value));

function serialise(
  id: string,
  { workflow, sequence }: { workflow: string | undefined; sequence: number | null },
  event: NewEvent,
) {
  const dataBytes = Buffer.byteLength(JSON.stringify(event.data));
  if (dataBytes > EVENT_LIMITS.dataBytes) {
    throw new AppError(
      "payload_too_large",
      `\`data\` has ${dataBytes} bytes; at most ${EVENT_LIMITS.dataBytes} are allowed.`,
      {
        errors: [{ field: "data", message: "Send less, or send a link to it." }],
      },
    );
  }
  const occurredAt = event.occurredAt ?? new Date();
  const value = {
    id,
    type: event.type,
    timestamp: occurredAt.toISOString(),
    // Only a workflow has a correlation id worth telling the receiver.
    ...(workflow === undefined ? {} : { correlation_id: workflow }),
    ...(sequence === null ? {} : { sequence, event_type: event.type }),
    ...(event.artifact && { artifact: event.artifact.body }),
    data: event.data,
  };
  return { value, text: JSON.stringify(value), occurredAt };
}

const WEBHOOK_COLUMNS = Prisma.sql`id, url, enabled, event_types, filter::text AS filter, ordering, order_key, retry::text AS retry`;

/**
 * The webhooks that an event may go to, and its number within its workflow: those of the project and, of the many that
 * were brought along by requests, those of its workflow alone.
 */
async function readWebhooks(
  tx: Tx,
  projectId: string,
  {
    workflow,
    numbered,
    only,
  }: { workflow?: string | undefined; numbered: NewEvent["artifact"]; only?: Only | undefined },
): Promise<{ webhooks: WebhookRow[]; sequence: number | null }> {
  const ofProject = Prisma.sql`
    SELECT ${WEBHOOK_COLUMNS} FROM webhook
     WHERE project_id = ${projectId} AND deleted_at IS NULL AND workflow_id IS NULL
           ${only ? Prisma.sql`AND id = ${only.webhookId}` : Prisma.empty}`;
  const number = numbered
    ? Prisma.sql`SELECT ${numbered.workflowId}::text AS id, ${numbered.sequence}::int AS last_seq`
    : Prisma.sql`UPDATE workflow SET last_seq = last_seq + 1
                  WHERE project_id = ${projectId} AND correlation_id = ${workflow} RETURNING id, last_seq`;
  const withWorkflow =
    workflow === undefined
      ? Prisma.empty
      : Prisma.sql`UNION ALL SELECT ${WEBHOOK_COLUMNS} FROM webhook
                    WHERE workflow_id = (SELECT id FROM numbered) AND deleted_at IS NULL`;
  // One text for all: the client looks at every cell of an answer by itself, which costs more than the query.
  const [found] = await tx.$queryRaw<[{ webhooks: string | null; sequence: number | null }]>`
    ${workflow === undefined ? Prisma.empty : Prisma.sql`WITH numbered AS (${number})`}
    SELECT json_agg(json_build_array(id, url, enabled, event_types, filter, ordering, order_key, retry))::text AS webhooks,
           ${workflow === undefined ? Prisma.sql`NULL::int` : Prisma.sql`(SELECT last_seq FROM numbered)`} AS sequence
      FROM (${ofProject} ${withWorkflow}) w`;
  return { webhooks: JSON.parse(found.webhooks ?? "[]"), sequence: found.sequence };
}

async function findTargets(
  rows: readonly WebhookRow[],
  { event, text }: { event: NewEvent; text: string },
  only?: Only,
): Promise<Target[]> {
  const webhooks = rows
    .filter(([id]) => !isAboutItself(event, id))
    .map(([id, url, enabled, eventTypes, filter, ordering, orderKey, retry]) => ({
      target: { id, url, ordering, orderKey, retry: storedRetry(retry) },
      subscription: { enabled, eventTypes, filter: filter === null ? null : storedFilter(filter) },
    }));
  const matched = {
    type: event.type,
    labels: event.labels ?? {},
    application: event.application ?? null,
    environment: event.environment ?? null,
    // What is sent is the text: what a filter sees must be what the receiver will see.
    body: webhooks.some(({ subscription }) => subscription.filter?.payload) ? JSON.parse(text) : {},
  };
  const ownTurn = turns();
  const targets: Target[] = [];
  for (const { target, subscription } of webhooks) {
    await ownTurn();
    if (only || matchEvent(subscription, matched) === "match") targets.push(target);
  }
  return targets;
}
