import { z } from "zod";
import type { Tx } from "@/lib/db/transaction";
import { Prisma } from "@/lib/generated/prisma/client";
import { firstIdAt } from "@/lib/ids";
import { comparable, type Span } from "@/lib/replay/policy";
import { type MatchedEvent, matchEvent } from "@/lib/webhooks/policy";

/** A webhook and the events that it is to get: what of the spans it has no delivery of. */
export type Wanted = { webhookId: string; url: string; spans: readonly Span[] };

export type Counted = { webhookId: string; eventType: string; count: number; repeats: number };

export type MissedEvent = {
  id: string;
  type: string;
  body: string;
  labels: unknown;
  application: string | null;
  environment: string | null;
  /** Whether it went to the same URL through another webhook. */
  repeated: boolean;
};

export type FailedDelivery = { id: string; eventType: string; place: string };

/** Events that are read at once where a filter has to look at each. */
const PAGE = 500;

const labelsSchema = z.record(z.string(), z.string());

/**
 * Counts the events that webhooks have no delivery of, by webhook and type. Spans without a filter are counted by the
 * database; of the others each event is looked at.
 * @param types narrows the types down; undefined: all
 */
export async function countMissed(
  tx: Tx,
  projectId: string,
  wanted: readonly Wanted[],
  types: readonly string[] | undefined,
): Promise<Counted[]> {
  const plain = wanted.flatMap(({ webhookId, url, spans }) =>
    spans.filter(({ filter }) => filter === null).map((span) => toRow(webhookId, url, span)),
  );
  const counted =
    plain.length === 0
      ? []
      : await tx.$queryRaw<Counted[]>`
          SELECT s.webhook_id AS "webhookId", e.type AS "eventType", count(*)::int AS count,
                 count(*) FILTER (WHERE ${REPEATED})::int AS repeats
            FROM ${spanRows(plain)} JOIN event e ON e.project_id = ${projectId} AND e.id >= s.from_id AND e.id < s.to_id
           WHERE ${missed(types)} GROUP BY 1, 2`;
  const sums = new Map(counted.map((row) => [`${row.webhookId} ${row.eventType}`, row]));
  for (const { webhookId, url, spans } of wanted) {
    const filtered = { webhookId, url, spans: spans.filter(({ filter }) => filter !== null) };
    let cursor: string | null = null;
    while (filtered.spans.length > 0) {
      const page: MissedPage = await nextMissed(tx, projectId, { wanted: filtered, types, cursor, limit: PAGE });
      for (const { type, repeated } of page.events) {
        const key = `${webhookId} ${type}`;
        const sum = sums.get(key) ?? { webhookId, eventType: type, count: 0, repeats: 0 };
        sums.set(key, { ...sum, count: sum.count + 1, repeats: sum.repeats + (repeated ? 1 : 0) });
      }
      if (page.ended) break;
      cursor = page.cursor;
    }
  }
  return [...sums.values()];
}

export type MissedPage = { events: MissedEvent[]; cursor: string | null; ended: boolean };

/**
 * The next events of a webhook that it has no delivery of, in the order of their emission. At most one page is looked
 * at, so there may be none although more follow.
 * @param cursor the last event looked at; null at the beginning
 */
export async function nextMissed(
  tx: Tx,
  projectId: string,
  {
    wanted,
    types,
    cursor,
    limit,
  }: { wanted: Wanted; types: readonly string[] | undefined; cursor: string | null; limit: number },
): Promise<MissedPage> {
  for (const span of wanted.spans) {
    const row = toRow(wanted.webhookId, wanted.url, span);
    if (cursor !== null && row.to_id <= cursor) continue;
    const size = span.filter === null ? limit : PAGE;
    const found = await tx.$queryRaw<MissedEvent[]>`
      SELECT e.id, e.type, e.body, e.labels, e.application, e.environment, ${REPEATED} AS repeated
        FROM ${spanRows([row])} JOIN event e ON e.project_id = ${projectId} AND e.id >= s.from_id AND e.id < s.to_id
       WHERE e.id > ${cursor ?? ""} AND ${missed(types)} ORDER BY e.id LIMIT ${size}`;
    if (found.length === 0) continue;
    const events = found.filter((event) => passes(span, event)).slice(0, limit);
    const last = events.length === limit ? events.at(-1) : found.at(-1);
    return { events, cursor: last?.id ?? cursor, ended: false };
  }
  return { events: [], cursor, ended: true };
}

/** Counts the deliveries that were given up by a moment, by webhook and type. */
export async function countFailed(
  tx: Tx,
  projectId: string,
  scope: FailedScope & { webhookIds: readonly string[] | undefined },
): Promise<Counted[]> {
  return tx.$queryRaw<Counted[]>`
    SELECT d.webhook_id AS "webhookId", d.event_type AS "eventType", count(*)::int AS count,
           count(*) FILTER (WHERE d.attempt_count > 0)::int AS repeats
      FROM delivery d
     WHERE d.project_id = ${projectId} AND ${failed(scope)}
       AND ${scope.webhookIds === undefined ? Prisma.sql`true` : Prisma.sql`d.webhook_id = ANY(${[...scope.webhookIds]})`}
     GROUP BY 1, 2`;
}

export type FailedScope = { from: number; to: number; types: readonly string[] | undefined; endedBy: Date };

/**
 * The next deliveries of a webhook that were given up, in the order of their emission.
 * @param cursor the `place` of the last one before; null at the beginning
 */
export async function nextFailed(
  tx: Tx,
  { webhookId, cursor, limit, ...scope }: FailedScope & { webhookId: string; cursor: string | null; limit: number },
): Promise<FailedDelivery[]> {
  const [seq = "0", id = ""] = cursor?.split(":") ?? [];
  return tx.$queryRaw<FailedDelivery[]>`
    SELECT d.id, d.event_type AS "eventType", coalesce(d.seq, 0) || ':' || d.id AS place
      FROM delivery d
     WHERE d.webhook_id = ${webhookId} AND ${failed(scope)} AND (coalesce(d.seq, 0), d.id) > (${seq}::bigint, ${id})
     ORDER BY coalesce(d.seq, 0), d.id LIMIT ${limit}`;
}

type SpanRow = ReturnType<typeof toRow>;

function toRow(webhookId: string, url: string, span: Span) {
  return {
    webhook_id: webhookId,
    url,
    from_id: firstIdAt("event", new Date(span.from)),
    to_id: firstIdAt("event", new Date(span.to)),
    ...comparable(span.eventTypes),
  };
}

function spanRows(rows: readonly SpanRow[]): Prisma.Sql {
  return Prisma.sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
    AS s (webhook_id text, url text, from_id text, to_id text, exact text[], prefixes text[])`;
}

/** The same event went to the same URL through another webhook: one that was deleted and made anew, for instance. */
const REPEATED = Prisma.sql`EXISTS (SELECT 1 FROM delivery r WHERE r.event_id = e.id AND r.url = s.url AND r.status = 'delivered')`;

/**
 * The types fit and there is no delivery. Tests go to the webhook that is tested and to no other, and news about a
 * webhook not to itself.
 */
function missed(types: readonly string[] | undefined): Prisma.Sql {
  return Prisma.sql`(e.type = ANY(s.exact) OR EXISTS (SELECT 1 FROM unnest(s.prefixes) p WHERE starts_with(e.type, p)))
    AND ${typed(Prisma.sql`e.type`, types)} AND e.source NOT IN ('test', 'forged_test')
    AND CASE WHEN starts_with(e.type, 'endpoint.') OR starts_with(e.type, 'delivery.')
             THEN strpos(e.body, '"webhook_id":"' || s.webhook_id || '"') = 0 ELSE true END
    AND NOT EXISTS (SELECT 1 FROM delivery d WHERE d.event_id = e.id AND d.webhook_id = s.webhook_id)`;
}

/** What ended later is left out: a delivery that this very replay sent must not be sent by it again. */
function failed({ from, to, types, endedBy }: FailedScope): Prisma.Sql {
  return Prisma.sql`d.status = 'failed' AND d.id >= ${firstIdAt("delivery", new Date(from))}
    AND d.id < ${firstIdAt("delivery", new Date(to))} AND d.completed_at <= ${endedBy}
    AND d.event_type <> 'webhook.test' AND ${typed(Prisma.sql`d.event_type`, types)}`;
}

function typed(column: Prisma.Sql, types: readonly string[] | undefined): Prisma.Sql {
  if (types === undefined) return Prisma.sql`true`;
  const { exact, prefixes } = comparable(types);
  return Prisma.sql`(${column} = ANY(${exact}) OR EXISTS (SELECT 1 FROM unnest(${prefixes}::text[]) p WHERE starts_with(${column}, p)))`;
}

function passes(span: Span, event: MissedEvent): boolean {
  if (span.filter === null) return true;
  const subscription = { eventTypes: span.eventTypes, enabled: true, filter: span.filter };
  return matchEvent(subscription, toMatched(event)) === "match";
}

/** The event as subscriptions are compared with it. */
export function toMatched({ type, application, environment, labels, body }: MissedEvent): MatchedEvent {
  return { type, application, environment, labels: labelsSchema.parse(labels), body: JSON.parse(body) };
}
