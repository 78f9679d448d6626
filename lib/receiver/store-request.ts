import { RECEIVER_LIMITS } from "@/lib/contracts/receiver";
import { db } from "@/lib/db/client";
import { newId } from "@/lib/ids";
import { log } from "@/lib/log";
import { maskSensitiveHeaders } from "@/lib/net/headers";
import type { BoundedBody } from "@/lib/receiver/read-bounded";
import { findSender } from "@/lib/receiver/sender";
import { judge, type SignatureVerdict } from "@/lib/receiver/verdict";

/** What was kept and how it is to be answered. */
export type Answer = { id: string; signature: SignatureVerdict["signature"]; status: number; delayMs: number };

/** Longer ones are not ours. */
const EVENT_TYPE_LENGTH = 128;
const TOO_LARGE = 413;
/** What a receiver must answer to a forged signature; this one does so to a forged test, whatever else it was told. */
const FORGED = 401;

/**
 * Judges a request, keeps it, and takes the answer that it is to get. A body that was not read to its end is answered
 * with 413 at once, a forged test with 401; neither counts as one of the requests that are to fail.
 * @returns null when the project is gone
 */
export async function storeRequest({
  projectId,
  request,
  body,
  receivedAt,
}: {
  projectId: string;
  request: Request;
  body: BoundedBody;
  receivedAt: Date;
}): Promise<Answer | null> {
  const { headers } = request;
  const found = await findSender(projectId, headers.get("x-webhook-delivery"), receivedAt);
  const judged = judge({
    headers,
    body: body.complete ? body.bytes : null,
    sender: found?.sender ?? null,
    now: Math.floor(receivedAt.getTime() / 1000),
  });
  const { signature } = judged;
  const note = found?.forged
    ? `A forged test, wrong on purpose and refused: ${judged.signature_note}`
    : judged.signature_note;
  const fixed = !body.complete ? TOO_LARGE : found?.forged ? FORGED : null;
  const id = newId("receiverRequest");
  const kept = Uint8Array.from(body.bytes.subarray(0, RECEIVER_LIMITS.bodyBytes));
  const masked = JSON.stringify(maskSensitiveHeaders(Object.fromEntries(headers)));
  const eventType = headers.get("x-webhook-event")?.slice(0, EVENT_TYPE_LENGTH) ?? null;

  // One statement: the count of failures and the kept request cannot disagree, whatever happens between. Requests that
  // come at once queue up at the receiver's row only while there are failures to hand out, and PostgreSQL checks
  // "fail_next > 0" again when its turn comes, so exactly as many fail as were asked for.
  const [answer] = await db.$queryRaw<{ status: number; delayMs: number }[]>`
    WITH failing AS (
      UPDATE receiver SET fail_next = fail_next - 1
      WHERE project_id = ${projectId} AND fail_next > 0 AND ${fixed === null}
      RETURNING fail_status AS status, delay_ms
    ), answer AS (
      SELECT status, delay_ms FROM failing
      UNION ALL
      SELECT coalesce(${fixed}::int, status), CASE WHEN ${fixed}::int IS NULL THEN delay_ms ELSE 0 END
      FROM receiver WHERE project_id = ${projectId} AND NOT EXISTS (SELECT FROM failing)
    )
    INSERT INTO receiver_request (id, project_id, method, headers, body, truncated, answered_status, delay_ms,
                                  signature, signature_note, event_type, delivery_id, received_at)
    SELECT ${id}, ${projectId}, ${request.method}, ${masked}::jsonb, ${kept}::bytea,
           ${body.bytes.byteLength > kept.byteLength}, status, delay_ms,
           ${signature}, ${note}, ${eventType}, ${found?.deliveryId ?? null},
           ${receivedAt.toISOString()}::timestamptz
    FROM answer
    RETURNING answered_status AS status, delay_ms AS "delayMs"`;
  if (!answer) return null;
  await dropOldest(projectId).catch((err: unknown) =>
    log.warn({ err, project: projectId }, "old requests of the test receiver are still there"),
  );
  return { id, signature, ...answer };
}

/**
 * Keeps the newest requests. A statement of its own after the insertion: of requests that come at once the one stored
 * last sees all the others, so that in the end no more are left than may be. Rows that another one is deleting are
 * skipped rather than waited for, which rules out deadlocks.
 */
async function dropOldest(projectId: string): Promise<void> {
  await db.$executeRaw`
    DELETE FROM receiver_request WHERE id IN (
      SELECT id FROM receiver_request
      WHERE project_id = ${projectId} AND id < (
        SELECT id FROM receiver_request WHERE project_id = ${projectId}
        ORDER BY id DESC OFFSET ${RECEIVER_LIMITS.kept - 1} LIMIT 1
      )
      FOR UPDATE SKIP LOCKED
    )`;
}
