import { EVENT_LIMITS, type EventSource } from "@/lib/contracts/events";
import { afterCommit, type Tx } from "@/lib/db/transaction";
import { AppError } from "@/lib/errors";
import { Prisma } from "@/lib/generated/prisma/client";
import { newId, timeOfId } from "@/lib/ids";
import { announceEvents } from "@/lib/live/channel";
import { HANDED_OVER, leaseFor, mayHandOver } from "@/lib/queue/hand-over";
import { DUE_CHANNEL, ownNotification } from "@/lib/queue/wake";
import { traceEmit } from "@/lib/telemetry/trace";
import {
  type Candidate,
  type KnownCandidates,
  readCandidate,
  readCandidates,
  readCandidatesOfWorkflow,
  rememberedCandidates,
  unchanged,
} from "@/lib/webhooks/candidates";
import {
  announceStored,
  insertStatement,
  type NewDeliveryOptions,
  type NewDeliveryRow,
  nameable,
  prepareDeliveries,
  type Target,
} from "@/lib/webhooks/insert-deliveries";
import { isAboutItself, matchEvent } from "@/lib/webhooks/policy";
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
 * the change it reports does. One statement where this process knows the project's webhooks, another to read them where
 * they have changed or the event belongs to a workflow, and one more where a strictly ordered webhook matches, whatever
 * the number of webhooks. Sending is left to the workers, who hear of it with the commit or right after it. An event of a
 * workflow takes its number under the lock of the workflow's row, before any webhook's row is locked.
 *
 * @param only send to this webhook alone, whatever it subscribes to and even while it is disabled; at most `attempts`
 *   times, where that is given
 * @throws AppError "payload_too_large" when `data` exceeds EVENT_LIMITS.dataBytes
 */
export function emit(tx: Tx, projectId: string, event: NewEvent, only?: Only): Promise<EmittedEvent> {
  return traceEmit({ type: event.type, projectId }, () => emitNumbered(tx, projectId, event, only));
}

type Only = { webhookId: string; attempts?: number };

async function emitNumbered(tx: Tx, projectId: string, event: NewEvent, only?: Only): Promise<EmittedEvent> {
  const id = event.artifact?.eventId ?? newId("event");
  if (only) {
    const candidates = await readCandidate(tx, projectId, only.webhookId);
    const about = { id, workflow: event.correlationId, sequence: null };
    return store(tx, projectId, { event, about, candidates, only });
  }
  const workflow = event.correlationId ?? currentWorkflow(projectId)?.correlationId;
  if (workflow !== undefined) {
    const { candidates, sequence } = await readCandidatesOfWorkflow(tx, projectId, workflow, event.artifact);
    return store(tx, projectId, { event, about: { id, workflow, sequence }, candidates });
  }
  const about = { id, workflow, sequence: null };
  const known = rememberedCandidates(projectId);
  const emitted = known && (await storeIfUnchanged(tx, projectId, { event, about, known }));
  return emitted ?? store(tx, projectId, { event, about, candidates: await readCandidates(tx, projectId) });
}

/** What is new about an event when it is emitted. */
type About = { id: string; workflow: string | undefined; sequence: number | null };

/**
 * Event and deliveries in one statement with the question whether the webhooks are still these. A snapshot of the database
 * answers for the whole statement, so that it is as if they had just been read. Numbers that strictly ordered webhooks
 * have given for nothing leave a gap, which keeps nobody waiting: a lane goes by what is there.
 * @returns undefined, and nothing was stored, when they are not
 */
async function storeIfUnchanged(
  tx: Tx,
  projectId: string,
  { event, about, known }: { event: NewEvent; about: About; known: KnownCandidates },
): Promise<EmittedEvent | undefined> {
  const prepared = await prepare(tx, { event, about, candidates: known.candidates });
  const { rows, options, body } = prepared;
  const notification = ownNotification(nameable(rows) ?? []);
  const where = Prisma.sql`WHERE (SELECT ok FROM known)`;
  const isUnchanged = unchanged(projectId, known);
  const storedEvent = Prisma.sql`${insertEvent(projectId, { event, about, ...prepared })} ${where}`;
  const [found] =
    notification !== null && mayHandOver(rows.length, body.text)
      ? await tx.$queryRaw<[{ ok: boolean }]>`
    /* prepared: emit-and-hand-over */
    WITH known AS MATERIALIZED (${isUnchanged}),
         ${leaseFor(
           rows.map((row) => row.webhook_id),
           body.text,
         )},
         stored AS (${storedEvent} RETURNING id, body, source),
         delivered AS (${insertStatement(projectId, rows, options, where, true)} RETURNING *)
    SELECT ok, CASE WHEN ok THEN pg_notify(${DUE_CHANNEL}, coalesce(${HANDED_OVER}, ${notification}))::text END FROM known`
      : await tx.$queryRaw<[{ ok: boolean }]>`
    /* prepared: emit-to-known */
    WITH known AS MATERIALIZED (${isUnchanged}),
         stored AS (${storedEvent}),
         delivered AS (${insertStatement(projectId, rows, options, where)})
    SELECT ok, CASE WHEN ok AND ${notification}::text IS NOT NULL THEN pg_notify(${DUE_CHANNEL}, ${notification})::text END
      FROM known`;
  if (!found.ok) return undefined;
  return announce(tx, projectId, { event, about, rows, areWorkersTold: notification !== null });
}

async function store(
  tx: Tx,
  projectId: string,
  { event, about, candidates, only }: { event: NewEvent; about: About; candidates: readonly Candidate[]; only?: Only },
): Promise<EmittedEvent> {
  const prepared = await prepare(tx, { event, about, candidates, only });
  await tx.$executeRaw`
    WITH stored AS (${insertEvent(projectId, { event, about, ...prepared })})
    ${insertStatement(projectId, prepared.rows, prepared.options)}`;
  return announce(tx, projectId, { event, about, rows: prepared.rows });
}

type Prepared = { body: ReturnType<typeof serialise>; rows: NewDeliveryRow[]; options: NewDeliveryOptions };

async function prepare(
  tx: Tx,
  {
    event,
    about,
    candidates,
    only,
  }: { event: NewEvent; about: About; candidates: readonly Candidate[]; only?: Only | undefined },
): Promise<Prepared> {
  const body = serialise(about, event);
  const targets = await findTargets(candidates, { event, text: body.text }, only);
  const options: NewDeliveryOptions = only ? { trigger: "test", attempts: only.attempts } : { trigger: "auto" };
  const items = targets.map((webhook) => ({ event: { id: about.id, type: event.type, body: body.value }, webhook }));
  return { body, rows: await prepareDeliveries(tx, items, options), options };
}

/** Ends where a WHERE can follow. */
function insertEvent(
  projectId: string,
  { event, about, body, rows }: { event: NewEvent; about: About } & Prepared,
): Prisma.Sql {
  const { application = null, environment = null, labels = {}, source, type } = event;
  return Prisma.sql`
    INSERT INTO event (id, project_id, type, body, labels, application, environment, correlation_id, sequence, source, delivery_count, occurred_at, created_at)
    SELECT ${about.id}, ${projectId}, ${type}, ${body.text}, ${JSON.stringify(labels)}::jsonb, ${application}, ${environment},
           ${about.workflow ?? about.id}, ${about.sequence}::int, ${source}, ${rows.length}::int, ${body.occurredAt}::timestamptz,
           ${timeOfId(about.id)}::timestamptz`;
}

/** Tells of it after the commit. */
function announce(
  tx: Tx,
  projectId: string,
  {
    event,
    about: { id, workflow, sequence },
    rows,
    areWorkersTold = false,
  }: { event: NewEvent; about: About; rows: readonly NewDeliveryRow[]; areWorkersTold?: boolean },
): EmittedEvent {
  afterCommit(tx, () => announceEvents(projectId, [id]));
  announceStored(tx, projectId, rows, { areWorkersTold });
  const deliveries = rows.map((row) => ({ id: row.id, webhookId: row.webhook_id }));
  return { id, type: event.type, correlationId: workflow ?? id, sequence, deliveries };
}

function serialise({ id, workflow, sequence }: About, event: NewEvent) {
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

async function findTargets(
  candidates: readonly Candidate[],
  { event, text }: { event: NewEvent; text: string },
  only?: Only,
): Promise<Target[]> {
  const others = candidates.filter(({ target }) => !isAboutItself(event, target.id));
  const matched = {
    type: event.type,
    labels: event.labels ?? {},
    application: event.application ?? null,
    environment: event.environment ?? null,
    // What is sent is the text: what a filter sees must be what the receiver will see.
    body: others.some(({ subscription }) => subscription.filter?.payload) ? JSON.parse(text) : {},
  };
  const ownTurn = turns();
  const targets: Target[] = [];
  for (const { target, subscription } of others) {
    await ownTurn();
    if (only || matchEvent(subscription, matched) === "match") targets.push(target);
  }
  return targets;
}
