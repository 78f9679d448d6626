import type { Delivery } from "@/lib/contracts/deliveries";
import type { ReplayDetail } from "@/lib/contracts/replays";
import type { Reservation } from "@/lib/contracts/reservations";

/** The nth delivery of a project: ids and times rise with n. */
export function deliveryOf(n: number, changes: Partial<Delivery> = {}): Delivery {
  const serial = String(n).padStart(6, "0");
  return {
    id: `dlv_${serial}`,
    event_id: `evt_${serial}`,
    event_type: "instance.started",
    webhook_id: "wh_1",
    url: "https://example.com/hook",
    of_request: false,
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

/** A confirmed booking of eight GPUs for a day. */
export function reservationOf(changes: Partial<Reservation> = {}): Reservation {
  const segment = { starts_at: "2026-12-01T08:00:00.000Z", ends_at: "2026-12-02T08:00:00.000Z", gpu_count: 8 };
  return {
    id: "res_1",
    status: "confirmed",
    title: "Training",
    pool_id: "pool_1",
    pool: { id: "pool_1", name: "Frankfurt", region: "eu", gpu_type: "H100" },
    ...segment,
    segments: [segment],
    topology: "any",
    pinned: false,
    config: null,
    environment: null,
    snapshot_at_end: false,
    correlation_id: "res_1",
    series_id: null,
    quote_id: null,
    price: {
      rate_micros_per_gpu_hour: 2_000_000,
      gpu_minutes: 11_520,
      list_micros: 384_000_000,
      discount_bps: 1000,
      discount_micros: 38_400_000,
      total_micros: 345_600_000,
      lines: [],
      discount: { duration_hours: 24, duration_bps: 1000, lead_hours: 0, lead_bps: 0, kept_bps: null },
    },
    captured_micros: 0,
    fees_micros: 0,
    units: [],
    mine: true,
    created_by: { id: "usr_1", name: "Olga" },
    hold_expires_at: null,
    started_at: null,
    ended_at: null,
    created_at: "2026-11-01T00:00:00.000Z",
    updated_at: "2026-11-01T00:00:00.000Z",
    version: 1,
    ...changes,
  };
}
