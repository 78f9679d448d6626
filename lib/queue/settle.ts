import type { Pool } from "pg";

/** What became of one attempt, and what the delivery becomes by it. */
export type Settlement = {
  deliveryId: string;
  leaseToken: string;
  projectId: string;
  webhookId: string;
  /** Whether the webhook was failing or paused when the delivery was claimed. */
  isFailing: boolean;
  /** What comes after it in its lane waited for this. */
  isOrdered: boolean;
  /** A test with a forged signature: how it ended says nothing of the webhook's health. */
  isForgedTest: boolean;
  /** How long the receiver asks to be left alone; 0 when it does not. */
  pauseMs: number;
  outcome:
    | { kind: "delivered" }
    | { kind: "retry"; inMs: number }
    | { kind: "failed" }
    /**
     * Our own fault (shutdown, resolver down): no attempt is recorded or counted, and it is due again after the time. The
     * delivery says why when there is an error code.
     */
    | { kind: "released"; inMs: number };
  attempt: {
    number: number;
    trigger: string;
    startedAt: Date;
    httpStatus: number | null;
    errorCode: string | null;
    errorMessage: string | null;
    latencyMs: number;
    timings: Record<string, number>;
    requestHeaders: Record<string, string>;
    responseHeaders: Record<string, string> | null;
    responseBody: Buffer | null;
    responseTruncated: boolean;
    /** How long the body is in bytes; null when there is none or it is not known. */
    responseBytes: number | null;
    /** "ip:port" that was connected to; null when no connection was opened. */
    remoteAddress: string | null;
  };
};

/**
 * Settles a batch in one statement: each delivery moves on and its attempt is recorded, or neither, and only where the
 * lease is still held. A delivery whose lease was taken over is left to the new holder.
 *
 * A retry of a disabled webhook gets no due time; enabling it gives one. A retry of a deleted webhook is cancelled.
 * `= ANY` says what the join says already: without it the planner, who cannot see how many rows a batch has, may read
 * the whole table. The lease's token says that no attempt of this number was recorded before, so none is looked for. A
 * delivery may be in the batch twice: after a long outage with the lease that it lost, and with that of its repetition.
 */
const SETTLE = `
WITH settled AS (
  UPDATE delivery d SET
    status = CASE WHEN r.outcome IN ('delivered', 'failed') THEN r.outcome WHEN w.deleted_at IS NULL THEN 'pending' ELSE 'cancelled' END,
    attempt_count = d.attempt_count - CASE WHEN r.outcome = 'released' THEN 1 ELSE 0 END,
    next_attempt_at = CASE WHEN r.outcome IN ('retry', 'released') AND w.deleted_at IS NULL AND (w.enabled OR d.trigger = 'test')
                           THEN now() + make_interval(secs => r.in_ms / 1000) END,
    completed_at = CASE WHEN r.outcome IN ('delivered', 'failed') OR w.deleted_at IS NOT NULL THEN now() END,
    lease_token = NULL,
    lease_until = NULL,
    trigger = CASE WHEN d.trigger = 'manual' AND r.outcome <> 'released' THEN 'auto' ELSE d.trigger END,
    http_status = CASE WHEN r.outcome = 'released' AND r.error_code IS NULL THEN d.http_status ELSE r.http_status END,
    error_code = CASE WHEN r.outcome = 'released' AND r.error_code IS NULL THEN d.error_code ELSE r.error_code END,
    error_message = CASE WHEN r.outcome = 'released' AND r.error_code IS NULL THEN d.error_message ELSE r.error_message END,
    latency_ms = CASE WHEN r.outcome = 'released' THEN d.latency_ms ELSE r.latency_ms END,
    revision = d.revision + 1
    FROM json_to_recordset($1::json) AS r (
           id text, lease_token uuid, outcome text, in_ms float8, number int, trigger text, started_at timestamptz, http_status int,
           error_code text, error_message text, latency_ms int, timings json, request_headers json, response_headers json,
           response_body text, response_truncated bool, response_bytes int, remote_address text),
         webhook w
   WHERE d.id = r.id AND d.id = ANY ($2::text[]) AND d.lease_token = r.lease_token AND d.status = 'pending' AND w.id = d.webhook_id
  RETURNING r.*
), recorded AS (
  INSERT INTO attempt (delivery_id, number, trigger, started_at, http_status, error_code, error_message, latency_ms, timings,
                       request_headers, response_headers, response_body, response_truncated, response_bytes, remote_address)
  SELECT r.id, r.number, r.trigger, r.started_at, r.http_status, r.error_code, r.error_message, r.latency_ms, r.timings,
         r.request_headers, r.response_headers, decode(r.response_body, 'base64'), r.response_truncated, r.response_bytes, r.remote_address
    FROM settled r WHERE r.outcome <> 'released'
)
SELECT lease_token FROM settled`;

/** @returns the lease tokens of what was settled; the other leases were lost. */
export async function settle(pool: Pool, batch: readonly Settlement[]): Promise<Set<string>> {
  // One JSON text instead of an array per column: neither side has to quote and unquote every value.
  const { rows } = await pool.query<{ lease_token: string }>({
    name: "settle",
    text: SETTLE,
    // Ids need no quotes, and pg would look for what to quote in each.
    values: [JSON.stringify(batch.map(toRow)), `{${batch.map(({ deliveryId }) => deliveryId).join(",")}}`],
  });
  return new Set(rows.map((row) => row.lease_token));
}

function toRow({ deliveryId, leaseToken, outcome, attempt }: Settlement) {
  return {
    id: deliveryId,
    lease_token: leaseToken,
    outcome: outcome.kind,
    in_ms: "inMs" in outcome ? outcome.inMs : 0,
    number: attempt.number,
    trigger: attempt.trigger,
    started_at: attempt.startedAt,
    http_status: attempt.httpStatus,
    error_code: attempt.errorCode,
    error_message: attempt.errorMessage,
    latency_ms: attempt.latencyMs,
    timings: attempt.timings,
    request_headers: attempt.requestHeaders,
    response_headers: attempt.responseHeaders,
    response_body: attempt.responseBody?.toString("base64") ?? null,
    response_truncated: attempt.responseTruncated,
    response_bytes: attempt.responseBytes,
    remote_address: attempt.remoteAddress,
  };
}
