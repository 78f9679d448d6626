import type { WebhookFilter, WebhookRetry } from "@/lib/contracts/webhooks";

const MINUTE_MS = 60 * 1000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export type DemoWebhook = {
  description: string;
  eventTypes: string[];
  filter?: WebhookFilter;
  ordering: "unordered" | "strict";
  orderKey: string | null;
  retry: WebhookRetry;
  /** How often an attempt fails, and how. */
  failureRate: number;
  failures: readonly [Failure, ...Failure[]];
  /** Milliseconds before now when it answered 410 Gone and was disabled; events since then passed it by. */
  goneSince?: number;
  /** Milliseconds before now; what waited then was cancelled. */
  deletedSince?: number;
  /** Milliseconds before now in which every attempt failed. */
  outage?: { from: number; to: number };
};

export type Failure =
  | { httpStatus: number; body: string }
  | { errorCode: string; errorMessage: string; latencyMs: number };

const TIMED_OUT: Failure = { errorCode: "timeout", errorMessage: "No complete answer within 10 s.", latencyMs: 10_000 };
const REFUSED: Failure = { errorCode: "connect_failed", errorMessage: "The connection was refused.", latencyMs: 2 };

/** Milliseconds before now at which these happened for certain, so that each state of a webhook has its cause. */
export const CERTAIN_EVENTS: readonly (readonly [type: string, age: number])[] = [
  ["user.login", 2 * DAY_MS],
  ...[290, 205, 118, 64, 27].map((minutes) => ["config.committed", minutes * MINUTE_MS] as const),
  ...[350, 340, 331, 322, 310, 301, 288, 270, 255, 241, 230, 211, 190, 160].map(
    (minutes) => ["reservation.created", minutes * MINUTE_MS] as const,
  ),
];

export const DEMO_WEBHOOKS: readonly DemoWebhook[] = [
  {
    description: "Cluster orchestrator",
    eventTypes: ["instance.*", "failover.triggered"],
    ordering: "strict",
    orderKey: "data.instance_id",
    retry: { preset: "quick" },
    failureRate: 0.01,
    failures: [{ httpStatus: 503, body: '{"error":"draining"}' }],
  },
  {
    description: "Billing",
    eventTypes: ["reservation.*", "cost.threshold"],
    ordering: "unordered",
    orderKey: null,
    retry: { preset: "standard" },
    failureRate: 0.02,
    outage: { from: 6 * HOUR_MS, to: 0 },
    failures: [{ httpStatus: 502, body: "<html><body>Bad Gateway</body></html>" }, TIMED_OUT],
  },
  {
    description: "Chat notifications",
    eventTypes: ["*"],
    filter: { environments: ["production"] },
    ordering: "unordered",
    orderKey: null,
    retry: { preset: "quick" },
    failureRate: 0.08,
    failures: [
      { httpStatus: 429, body: '{"error":"rate_limited"}' },
      { httpStatus: 500, body: "Internal Server Error" },
      TIMED_OUT,
    ],
    outage: { from: 31 * HOUR_MS, to: 27 * HOUR_MS },
  },
  {
    description: "Nightly export (staging)",
    eventTypes: ["snapshot.completed", "evaluation.completed"],
    ordering: "unordered",
    orderKey: null,
    retry: { delays_s: [10, 60] },
    failureRate: 0.6,
    failures: [REFUSED, { httpStatus: 404, body: '{"detail":"Not Found"}' }],
  },
  {
    description: "Data warehouse",
    eventTypes: ["config.committed", "variant.*", "cost.threshold"],
    ordering: "unordered",
    orderKey: null,
    retry: { delays_s: [10, 60] },
    failureRate: 0.03,
    failures: [{ httpStatus: 500, body: '{"error":"disk quota exceeded"}' }],
    outage: { from: 5 * HOUR_MS, to: 0 },
  },
  {
    description: "Old CRM",
    eventTypes: ["user.*"],
    ordering: "unordered",
    orderKey: null,
    retry: { preset: "quick" },
    failureRate: 0,
    failures: [{ httpStatus: 410, body: "" }],
    goneSince: 2 * DAY_MS,
  },
  {
    description: "Load test",
    eventTypes: ["instance.started"],
    ordering: "unordered",
    orderKey: null,
    retry: { delays_s: [21_600, 21_600, 21_600, 21_600] },
    failureRate: 0.9,
    failures: [TIMED_OUT],
    deletedSince: 3 * DAY_MS,
  },
];
