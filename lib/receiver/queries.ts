import { type ReceiverRequest, receiverRequestSchema } from "@/lib/contracts/receiver";
import { db } from "@/lib/db/client";
import type { ReceiverRequest as ReceiverRequestRow } from "@/lib/generated/prisma/client";

/** Bytes of bodies in one page of the list; the row that goes past it begins the next page. */
const PAGE_BYTES = 4 * 1024 * 1024;
/** Bytes of each body in the live stream, where many rows travel in one message. */
const STREAM_BODY_BYTES = 8 * 1024;

/** @param before an id; only older requests are read */
export async function newestRequests({
  projectId,
  before,
  limit,
}: {
  projectId: string;
  before: string | undefined;
  limit: number;
}): Promise<{ requests: ReceiverRequest[]; hasMore: boolean }> {
  const sizes = await db.$queryRaw<{ id: string; bytes: number }[]>`
    SELECT id, octet_length(body) AS bytes FROM receiver_request
    WHERE project_id = ${projectId} AND (${before ?? null}::text IS NULL OR id < ${before ?? null})
    ORDER BY id DESC LIMIT ${limit + 1}`;
  const ids: string[] = [];
  let bytes = 0;
  for (const row of sizes.slice(0, limit)) {
    bytes += row.bytes;
    if (ids.length > 0 && bytes > PAGE_BYTES) break;
    ids.push(row.id);
  }
  const rows = await db.receiverRequest.findMany({
    where: { projectId, id: { in: ids } },
    orderBy: { id: "desc" },
  });
  return { requests: rows.map(toReceiverRequest), hasMore: sizes.length > ids.length };
}

/**
 * For the live stream, which has checked who listens: it tells that something came, so bodies are cut to 8 KiB and
 * marked as truncated. The list has them in full.
 */
export async function receiverRequestsByIds(projectId: string, ids: string[]): Promise<ReceiverRequest[]> {
  const rows = await db.$queryRaw<ReceiverRequestRow[]>`
    SELECT id, project_id AS "projectId", method, headers, substring(body FROM 1 FOR ${STREAM_BODY_BYTES}) AS body,
           truncated OR octet_length(body) > ${STREAM_BODY_BYTES} AS truncated, answered_status AS "answeredStatus",
           delay_ms AS "delayMs", signature, signature_note AS "signatureNote", event_type AS "eventType",
           delivery_id AS "deliveryId", received_at AS "receivedAt"
    FROM receiver_request WHERE project_id = ${projectId} AND id = ANY(${ids}) ORDER BY id DESC`;
  return rows.map(toReceiverRequest);
}

function toReceiverRequest(row: ReceiverRequestRow): ReceiverRequest {
  return receiverRequestSchema.parse({
    id: row.id,
    method: row.method,
    headers: row.headers,
    // Told that more follows, the decoder leaves out a character that the cut went through.
    body: new TextDecoder("utf-8", { ignoreBOM: true }).decode(row.body, { stream: row.truncated }),
    truncated: row.truncated,
    answered_status: row.answeredStatus,
    delay_ms: row.delayMs,
    signature: row.signature,
    signature_note: row.signatureNote,
    event_type: row.eventType,
    delivery_id: row.deliveryId,
    received_at: row.receivedAt.toISOString(),
  });
}
