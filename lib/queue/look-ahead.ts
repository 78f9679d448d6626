import type { Pool } from "pg";
import { DUE, nextWebhook, UNFINISHED } from "@/lib/queue/claim";

/** Webhooks looked at in one look; the next goes on behind the last of them. */
const WEBHOOKS_PER_LOOK = 500;

export type WaitingWebhook = { webhookId: string; projectId: string };

/**
 * Looks ahead of the claims for webhooks with work of projects other than the named ones. It claims nothing, costs two
 * index probes for each webhook with unfinished deliveries, and nothing where there is no other project. Whether the head
 * of an ordered lane is due is left for the claim to see.
 */
const LOOK_AHEAD = `
WITH RECURSIVE busy AS (
  SELECT ${nextWebhook("$1")} AS webhook_id, 1 AS n WHERE EXISTS (SELECT FROM project WHERE id <> ALL ($2::text[]))
  UNION ALL
  SELECT ${nextWebhook("busy.webhook_id")}, busy.n + 1
    FROM busy WHERE busy.webhook_id IS NOT NULL AND busy.n < ${WEBHOOKS_PER_LOOK}
), waiting AS (
  SELECT w.id, w.project_id FROM busy JOIN webhook w ON w.id = busy.webhook_id
   WHERE w.enabled AND w.deleted_at IS NULL AND (w.paused_until IS NULL OR w.paused_until <= now())
     AND w.project_id <> ALL ($2::text[])
     AND (EXISTS (SELECT FROM delivery d WHERE d.webhook_id = w.id AND d.lane IS NULL AND ${DUE})
          OR EXISTS (SELECT FROM delivery d WHERE d.webhook_id = w.id AND d.lane IS NOT NULL AND ${UNFINISHED("d")}))
)
SELECT progress.next, waiting.id AS "webhookId", waiting.project_id AS "projectId"
  FROM (SELECT CASE WHEN bool_and(webhook_id IS NOT NULL) THEN max(webhook_id) END AS next FROM busy) progress
  LEFT JOIN waiting ON true`;

type Row = { next: string | null; webhookId: string | null; projectId: string };

/**
 * @param except projects that need not be looked for
 * @returns where the next look begins: "" after the last webhook with work
 */
export async function lookAhead(
  database: Pick<Pool, "query">,
  after: string,
  except: readonly string[],
): Promise<{ waiting: WaitingWebhook[]; next: string }> {
  const { rows } = await database.query<Row>({ name: "look-ahead", text: LOOK_AHEAD, values: [after, except] });
  return {
    waiting: rows.flatMap(({ webhookId, projectId }) => (webhookId === null ? [] : [{ webhookId, projectId }])),
    next: rows[0]?.next ?? "",
  };
}
