import type { Delivery } from "@/lib/contracts/deliveries";

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
