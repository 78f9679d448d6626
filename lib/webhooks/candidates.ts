import type { Tx } from "@/lib/db/transaction";
import { Prisma } from "@/lib/generated/prisma/client";
import type { Target } from "@/lib/webhooks/insert-deliveries";
import { storedFilter } from "@/lib/webhooks/payload-filter";
import type { Subscription } from "@/lib/webhooks/policy";
import { storedRetry } from "@/lib/webhooks/stored-json";

/** A webhook that an event may go to. */
export type Candidate = { target: Target; subscription: Subscription };

/** All candidates of a project; `fingerprint` says which: it changes with whatever decides what they get. */
export type KnownCandidates = { candidates: readonly Candidate[]; fingerprint: string };

/** Projects whose webhooks a process remembers; of more, the one least recently read goes. */
const REMEMBERED = 200;

const remembered = new Map<string, KnownCandidates>();

/** Filter and retry as JSON text, not yet parsed: most of them are known already. */
type Row = [
  id: string,
  url: string,
  enabled: boolean,
  eventTypes: string[],
  filter: string | null,
  ordering: string,
  orderKey: string | null,
  retry: string,
];

const COLUMNS = Prisma.sql`id, url, enabled, event_types, filter::text AS filter, ordering, order_key, retry::text AS retry, match_token`;

const ofProject = (projectId: string) =>
  Prisma.sql`project_id = ${projectId} AND deleted_at IS NULL AND workflow_id IS NULL`;

/** Tokens are random, so other webhooks do not add up to the same. */
const FINGERPRINT = Prisma.sql`count(*) || ':' || coalesce(bit_xor(match_token), 0)`;

/**
 * What this process last read of the project's webhooks: a statement that relies on it must say so with `unchanged`, for
 * any of them may have changed since.
 */
export function rememberedCandidates(projectId: string): KnownCandidates | undefined {
  return remembered.get(projectId);
}

/** A query of one row and column `ok`: whether the project's webhooks are still those that were remembered. */
export function unchanged(projectId: string, { fingerprint }: KnownCandidates): Prisma.Sql {
  return Prisma.sql`SELECT ${FINGERPRINT} = ${fingerprint} AS ok FROM webhook WHERE ${ofProject(projectId)}`;
}

/** Reads the project's webhooks, and remembers them. */
export async function readCandidates(tx: Tx, projectId: string): Promise<readonly Candidate[]> {
  const [found] = await tx.$queryRaw<[{ webhooks: string | null; fingerprint: string }]>`
    SELECT ${asText()} AS webhooks, ${FINGERPRINT} AS fingerprint
      FROM (SELECT ${COLUMNS} FROM webhook WHERE ${ofProject(projectId)}) w`;
  const candidates = parse(found.webhooks);
  remembered.delete(projectId);
  remembered.set(projectId, { candidates, fingerprint: found.fingerprint });
  if (remembered.size > REMEMBERED) remembered.delete(remembered.keys().next().value ?? "");
  return candidates;
}

/** Reads one webhook, whatever it subscribes to. */
export async function readCandidate(tx: Tx, projectId: string, webhookId: string): Promise<readonly Candidate[]> {
  const [found] = await tx.$queryRaw<[{ webhooks: string | null }]>`
    SELECT ${asText()} AS webhooks
      FROM (SELECT ${COLUMNS} FROM webhook WHERE ${ofProject(projectId)} AND id = ${webhookId}) w`;
  return parse(found.webhooks);
}

/**
 * Gives an event of a workflow its number and reads the webhooks that it may go to: those of the project and, of the many
 * that were brought along by requests, those of its workflow alone. The number is taken under the lock of the workflow's row.
 * @param numbered the number that the event was given before, of an artifact
 */
export async function readCandidatesOfWorkflow(
  tx: Tx,
  projectId: string,
  correlationId: string,
  numbered: { workflowId: string; sequence: number } | undefined,
): Promise<{ candidates: readonly Candidate[]; sequence: number | null }> {
  const number = numbered
    ? Prisma.sql`SELECT ${numbered.workflowId}::text AS id, ${numbered.sequence}::int AS last_seq`
    : Prisma.sql`UPDATE workflow SET last_seq = last_seq + 1
                  WHERE project_id = ${projectId} AND correlation_id = ${correlationId} RETURNING id, last_seq`;
  const [found] = await tx.$queryRaw<[{ webhooks: string | null; sequence: number | null }]>`
    WITH numbered AS (${number})
    SELECT ${asText()} AS webhooks, (SELECT last_seq FROM numbered) AS sequence
      FROM (SELECT ${COLUMNS} FROM webhook WHERE ${ofProject(projectId)}
            UNION ALL
            SELECT ${COLUMNS} FROM webhook WHERE workflow_id = (SELECT id FROM numbered) AND deleted_at IS NULL) w`;
  return { candidates: parse(found.webhooks), sequence: found.sequence };
}

/** One text for all: the client looks at every cell of an answer by itself, which costs more than the query. */
function asText(): Prisma.Sql {
  return Prisma.sql`json_agg(json_build_array(id, url, enabled, event_types, filter, ordering, order_key, retry))::text`;
}

function parse(text: string | null): Candidate[] {
  const rows: Row[] = JSON.parse(text ?? "[]");
  return rows.map(([id, url, enabled, eventTypes, filter, ordering, orderKey, retry]) => ({
    target: { id, url, ordering, orderKey, retry: storedRetry(retry) },
    subscription: { enabled, eventTypes, filter: filter === null ? null : storedFilter(filter) },
  }));
}
