import type { Pool } from "pg";
import { z } from "zod";
import type { WebhookRetry } from "@/lib/contracts/webhooks";
import type { Place } from "@/lib/queue/share";
import { storedRetry } from "@/lib/webhooks/stored-json";

/** How long a claimed delivery is out of everybody else's reach: the 10 s of an attempt and a margin for settling. */
export const LEASE_MS = 30_000;

/** Webhooks looked at in one claim; the next claim goes on behind the last of them. */
export const WEBHOOKS_PER_CLAIM = 200;

/** Webhooks at most that a claim looks at before those of its round. */
export const MOST_FIRST = 100;

/** Lanes of one strictly ordered webhook looked at in one claim. */
const LANES_PER_WEBHOOK = 64;

export type ClaimedDelivery = {
  id: string;
  leaseToken: string;
  attemptNumber: number;
  maxAttempts: number;
  trigger: string;
  projectId: string;
  eventId: string;
  eventType: string;
  body: string;
  webhookId: string;
  url: string;
  secret: string | null;
  signing: string;
  previousSecrets: unknown;
  eventSource: string;
  headers: string | null;
  retry: WebhookRetry;
  maxInFlight: number | null;
  rateLimit: number | null;
  /** The webhook's last attempt failed, or it is paused: a success has to be reported. */
  isFailing: boolean;
  isProbing: boolean;
  /** It belongs to a lane: what comes after it waits for its settlement. */
  isOrdered: boolean;
  /** Milliseconds that it lay due before it was claimed. */
  waitedMs: number;
};

/**
 * What a process knows of a webhook: `proven` when it answers quickly, `suspect` when it fails or is slow, `untried` before
 * either has been seen.
 */
export type Trust = "proven" | "untried" | "suspect";

/** `next` is where the next claim begins; null when this one came to the end of the webhooks that have work. */
export type Claim = { deliveries: ClaimedDelivery[]; next: string | null };

export type ClaimRequest = {
  /** How many at most. */
  limit: number;
  /** The webhook after which to begin; claims go round, so that no webhook waits behind the others' backlog. */
  after: string;
  /** Webhooks that this process knows, and how many more requests each can take now. */
  known: { webhookId: string; room: number; trust: Trust }[];
  /** The same for all others, which are untried. */
  initialRoom: number;
  /** How many deliveries of suspects at most. */
  suspectLimit: number;
  /** How many deliveries of suspects and untried webhooks together at most. */
  unprovenLimit: number;
  /** Webhooks that are looked at before the others, whatever the round has come to. */
  first: string[];
  /** Where this worker stands among the live ones; a webhook's own limits are divided among them, and the smallest share counts. */
  places: Place[];
};

export const UNFINISHED = (alias: string) => `${alias}.status = 'pending'`;

export const DUE = `${UNFINISHED("d")} AND d.next_attempt_at <= now() AND (d.lease_until IS NULL OR d.lease_until <= now())`;

/** What a claim changes of a delivery `d`; none of it is in an index. */
export const LEASED = `attempt_count = d.attempt_count + (d.lease_until IS NULL)::int, lease_token = gen_random_uuid(),
    lease_until = now() + make_interval(secs => ${LEASE_MS / 1000}), revision = d.revision + 1`;

/** How long a delivery `d` lay due. */
export const WAITED_MS = "(extract(epoch FROM now() - d.next_attempt_at) * 1000)::int AS waited_ms";

/** What a worker needs to know of a delivery `d` that it has leased, its event `e` and its webhook `w`. */
export const claimedColumns = (waitedMs: string) => `
       d.id, d.lease_token, d.attempt_count, d.max_attempts, d.trigger, d.project_id, d.event_id, d.event_type, ${waitedMs},
       e.body, d.webhook_id, w.url, w.secret, w.signing, w.previous_secrets, e.source AS event_source, w.headers,
       w.retry::text AS retry, w.max_in_flight, w.rate_limit,
       w.failing_since IS NOT NULL OR w.paused_until IS NOT NULL AS is_failing, w.health = 'probing' AS is_probing,
       d.lane IS NOT NULL AS is_ordered`;

const BY_HAND = "d.trigger IN ('test', 'manual')";

const BY_HAND_TRIGGERS: ReadonlySet<string> = new Set(["test", "manual"]);

/** The next webhook with unfinished deliveries: one probe of the index of each kind. */
export const nextWebhook = (after: string) =>
  `least(${["NULL", "NOT NULL"]
    .map(
      (lane) =>
        `(SELECT d.webhook_id FROM delivery d WHERE ${UNFINISHED("d")} AND d.lane IS ${lane} AND d.webhook_id > ${after} ORDER BY d.webhook_id LIMIT 1)`,
    )
    .join(", ")})`;

const PLACES = "unnest($9::int[], $10::int[]) AS p (workers, rank)";

/** 0 where this worker comes first, as in share.ts. */
const TURN = "(p.rank + ascii(right(w.id, 1))) % p.workers";

/** The worker's share of a limit of the webhook; null without one. */
const shareOf = (limit: string) =>
  `(SELECT min(${limit} / p.workers + (${TURN} < ${limit} % p.workers)::int) FROM ${PLACES})`;

const nextLane = (from: string) =>
  `(SELECT d.lane FROM delivery d WHERE d.webhook_id = candidate.id AND d.lane >= ${from} AND ${UNFINISHED("d")} ORDER BY d.lane LIMIT 1)`;

/**
 * What is due of each candidate: its oldest deliveries without a lane, and of each of its lanes the oldest unfinished one
 * if that is due. By their places in the table rather than their ids, which would have to be looked up again: the rows are
 * locked, so they stay where they are. One that moved a moment before is not found there, and left to the next claim.
 */
const dueOf = (which: string, limit: string) => `
  SELECT due.place FROM candidate CROSS JOIN LATERAL (
    SELECT free.place FROM (
      SELECT d.ctid AS place FROM delivery d
       WHERE d.webhook_id = candidate.id AND d.lane IS NULL AND candidate.open AND NOT ${BY_HAND} AND ${DUE}
       ORDER BY d.next_attempt_at LIMIT candidate.room FOR UPDATE OF d SKIP LOCKED
    ) free
    UNION ALL
    SELECT laned.place FROM (
      SELECT d.ctid AS place FROM (
        WITH RECURSIVE lane AS (
          SELECT ${nextLane("''")} AS lane, 1 AS n
          UNION ALL
          SELECT ${nextLane("lane.lane || chr(1)")}, lane.n + 1
            FROM lane WHERE lane.lane IS NOT NULL AND lane.n < ${LANES_PER_WEBHOOK}
        )
        SELECT (SELECT h.id FROM delivery h WHERE h.webhook_id = candidate.id AND h.lane = lane.lane AND ${UNFINISHED("h")}
                 ORDER BY h.seq LIMIT 1) AS id
          FROM lane WHERE lane.lane IS NOT NULL
      ) head JOIN delivery d ON d.id = head.id
       WHERE ${DUE} AND (candidate.open OR ${BY_HAND}) LIMIT candidate.room FOR UPDATE OF d SKIP LOCKED
    ) laned
  ) due WHERE ${which} LIMIT ${limit}`;

/**
 * Leases due deliveries, oldest first within a webhook.
 *
 * A lease is a time and a token: when the worker dies, the time passes and the row can be claimed again, and a late
 * settlement by a worker that lost its lease is refused by the token. Neither is in an index, so that the update stays
 * on its page; the few leased rows at the head of a webhook's queue are passed over. `busy` hops from webhook to webhook
 * over the partial indexes (two probes each) instead of reading the backlog, so a webhook with a million deliveries
 * waiting costs as much as one with a single one. Each webhook gives at most what the throttle lets it, and all suspects
 * together at most their share, as they do together with those of which nothing is known: that is why dead ones cannot
 * keep the others waiting, however many they are. The webhooks of `first` come before those of the round, see fairness.ts.
 * Deliveries of a disabled webhook have no due time and are not read; those of a paused one are not looked at.
 *
 * Suspects come first, or else a backlog of healthy webhooks would keep them from ever being tried; their share is small.
 * What a person sent by hand (a test, a retry) goes out whatever the webhook's pauses; in a lane it still waits its turn.
 *
 * Taking over the lease of a dead worker does not count as an attempt of its own: the one it had begun was not recorded.
 *
 * The commit does not wait for the disk: a lease that a crash of PostgreSQL forgets costs a repeat of what was in flight,
 * as that crash does anyway, for the settlement of a forgotten lease is refused. Except where a lane is ordered: there
 * the forgotten request might still be on its way to the receiver when its repetition has made way for the next.
 *
 * Of an ordered lane only the oldest unfinished delivery may go: while it is under way or waits for its retry the lane
 * gives nothing, and since sequence numbers become visible in order there is never an older one to come.
 */
const CLAIM = `
WITH RECURSIVE busy AS (
  SELECT ${nextWebhook("$1")} AS webhook_id, 1 AS n
  UNION ALL
  SELECT ${nextWebhook("busy.webhook_id")}, busy.n + 1
    FROM busy WHERE busy.webhook_id IS NOT NULL AND busy.n < ${WEBHOOKS_PER_CLAIM}
), candidate AS MATERIALIZED (
  SELECT w.id, w.enabled AND (w.paused_until IS NULL OR w.paused_until <= now()) AS open,
         CASE WHEN w.failing_since IS NOT NULL THEN 'suspect' ELSE coalesce(known.trust, 'untried') END AS trust,
         greatest(least(
           coalesce(known.room, least($3, ${shareOf("w.max_in_flight")}, ${shareOf("w.rate_limit")})),
           CASE WHEN w.health = 'probing' THEN (SELECT min((${TURN} = 0)::int) FROM ${PLACES})
                WHEN known.room IS NULL AND w.failing_since IS NOT NULL THEN 1 END
         ), 0)::int AS room
    FROM (
      SELECT webhook_id, n - ${MOST_FIRST} AS n FROM unnest($8::text[]) WITH ORDINALITY AS first (webhook_id, n)
      UNION ALL
      SELECT webhook_id, n FROM busy WHERE webhook_id <> ALL ($8::text[])
    ) turn JOIN webhook w ON w.id = turn.webhook_id AND w.deleted_at IS NULL
    LEFT JOIN unnest($4::text[], $5::int[], $6::text[]) AS known (webhook_id, room, trust) ON known.webhook_id = w.id
   ORDER BY turn.n
), by_hand AS (
  SELECT d.ctid AS place FROM delivery d JOIN webhook w ON w.id = d.webhook_id AND w.deleted_at IS NULL AND (w.enabled OR d.trigger = 'test')
   WHERE ${DUE} AND d.lane IS NULL AND ${BY_HAND} LIMIT $2 FOR UPDATE OF d SKIP LOCKED
), chosen AS (
  SELECT place FROM by_hand
  UNION ALL SELECT place FROM (
    SELECT place FROM (${dueOf("candidate.trust = 'suspect'", "$7")}) suspects
    UNION ALL SELECT place FROM (${dueOf("candidate.trust = 'untried'", "$11")}) untried
    LIMIT $11
  ) unproven
  UNION ALL SELECT place FROM (${dueOf("candidate.trust = 'proven'", "$2")}) proven
  LIMIT $2
), claimed AS (
  UPDATE delivery d SET ${LEASED}
    FROM chosen WHERE d.ctid = chosen.place
  RETURNING d.*, ${WAITED_MS}
), durability AS MATERIALIZED (
  SELECT set_config('synchronous_commit',
                    CASE WHEN bool_or(lane IS NOT NULL) THEN current_setting('synchronous_commit') ELSE 'off' END, true)
    FROM claimed
)
SELECT progress.last_webhook_id, ${claimedColumns("d.waited_ms")}
  FROM (SELECT CASE WHEN bool_or(webhook_id IS NULL) THEN NULL ELSE max(webhook_id) END AS last_webhook_id FROM busy) progress
  CROSS JOIN durability
  LEFT JOIN (claimed d JOIN event e ON e.id = d.event_id JOIN webhook w ON w.id = d.webhook_id) ON true`;

/** What comes of `claimedColumns`. */
export const claimedRowSchema = z.object({
  id: z.string(),
  lease_token: z.string(),
  attempt_count: z.number(),
  max_attempts: z.number(),
  trigger: z.string(),
  project_id: z.string(),
  event_id: z.string(),
  event_type: z.string(),
  waited_ms: z.number(),
  body: z.string(),
  webhook_id: z.string(),
  url: z.string(),
  secret: z.string().nullable(),
  signing: z.string(),
  previous_secrets: z.unknown(),
  event_source: z.string(),
  headers: z.string().nullable(),
  retry: z.string(),
  max_in_flight: z.number().nullable(),
  rate_limit: z.number().nullable(),
  is_failing: z.boolean(),
  is_probing: z.boolean(),
  is_ordered: z.boolean(),
});

export type ClaimedRow = z.infer<typeof claimedRowSchema>;

type Row = (ClaimedRow | { id: null }) & { last_webhook_id: string | null };

/**
 * Leases what is due and may be sent now, see CLAIM.
 * @param database the pool, or a connection of it
 */
export async function claimDue(database: Pick<Pool, "query">, request: ClaimRequest): Promise<Claim> {
  const { limit, after, known, initialRoom, suspectLimit, unprovenLimit, first, places } = request;
  const { rows } = await database.query<Row>({
    name: "claim-due",
    text: CLAIM,
    values: [
      after,
      limit,
      initialRoom,
      known.map(({ webhookId }) => webhookId),
      known.map(({ room }) => room),
      known.map(({ trust }) => trust),
      suspectLimit,
      first,
      places.map((place) => place.workers),
      places.map((place) => place.rank),
      unprovenLimit,
    ],
  });
  const deliveries = rows.flatMap((row) => (row.id === null ? [] : [toClaimed(row)]));
  return {
    deliveries,
    next: deliveries.length < limit ? (rows[0]?.last_webhook_id ?? null) : lastOfRound(deliveries, request),
  };
}

/**
 * A full claim may have ended in the middle of the webhooks it looked at; the rest comes first next time. The untried and
 * the proven each got as far as the last one that gave something, so the round goes on behind the one of the two that
 * comes first. Those that went before their turn say nothing of how far it has come.
 */
function lastOfRound(deliveries: readonly ClaimedDelivery[], { after, first, known }: ClaimRequest): string {
  const before = new Set(first);
  const trustOf = new Map(known.map(({ webhookId, trust }) => [webhookId, trust]));
  const last = new Map<Trust, string>();
  for (const { webhookId, trigger, isFailing } of deliveries) {
    const trust = trustOf.get(webhookId) ?? "untried";
    if (isFailing || trust === "suspect" || BY_HAND_TRIGGERS.has(trigger) || before.has(webhookId)) continue;
    if (webhookId > (last.get(trust) ?? after)) last.set(trust, webhookId);
  }
  return [...last.values()].sort()[0] ?? after;
}

/** A row as the statements of claims return it. */
export function toClaimed(row: ClaimedRow): ClaimedDelivery {
  return {
    id: row.id,
    leaseToken: row.lease_token,
    attemptNumber: row.attempt_count,
    maxAttempts: row.max_attempts,
    trigger: row.trigger,
    projectId: row.project_id,
    eventId: row.event_id,
    eventType: row.event_type,
    body: row.body,
    webhookId: row.webhook_id,
    url: row.url,
    secret: row.secret,
    signing: row.signing,
    previousSecrets: row.previous_secrets,
    eventSource: row.event_source,
    headers: row.headers,
    retry: storedRetry(row.retry),
    maxInFlight: row.max_in_flight,
    rateLimit: row.rate_limit,
    isFailing: row.is_failing,
    isProbing: row.is_probing,
    isOrdered: row.is_ordered,
    waitedMs: row.waited_ms,
  };
}
