import type { Delivery } from "@/lib/contracts/deliveries";
import type { ReplayDetail } from "@/lib/contracts/replays";

/** The nth delivery of a project: ids and times rise with n. */
export function deliveryOf(n: number, changes: Partial<Delivery> = {}): Delivery {
  const serial = String(n).padStart(6, "0");
  return {
    id: `dlv_${serial}`,
    event_id: `evt_${serial}`,
    event_type: "instance.started",
    webhook_id: "wh_1",
    url: "https://example.com/hook",
    status: "pending",
    attempt_count: 0,
    max_attempts: 4,
    http_status: null,
    error_code: null,
    error_message: null,
    latency_ms: null,
    trigger: "auto",
    replay_id: null,
    next_attempt_at: null,
    created_at: new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString(),
    completed_at: null,
    revision: 1,
    ...changes,
  };
}

/** A replay of ten failed deliveries that has just begun. */
export function replayOf(changes: Partial<ReplayDetail> = {}): ReplayDetail {
  return {
    id: "rpl_1",
    kind: "failed",
    from: "2026-01-01T00:00:00.000Z",
    to: "2026-01-02T00:00:00.000Z",
    webhook_ids: null,
    event_types: null,
    rate: 50,
    status: "running",
    total: 10,
    queued: 0,
    skipped: 0,
    repeats: 0,
    skipped_by: [],
    outcome: { delivered: 0, failed: 0, pending: 0 },
    created_by: "usr_1",
    created_at: "2026-01-02T00:00:00.000Z",
    updated_at: "2026-01-02T00:00:00.000Z",
    finished_at: null,
    revision: 1,
    webhooks: [],
    ...changes,
  };
}
