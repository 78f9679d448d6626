import type { DemoWebhook } from "@/lib/demo/webhooks";
import { advance, type Condition, probeIntervalMs } from "@/lib/webhooks/health-policy";

type Attempted = { startedAt: Date; latencyMs: number; errorMessage: string | null; httpStatus: number | null };

/** The columns of a webhook's condition after these attempts, by the rules that the workers follow. */
export function demoCondition(webhook: DemoWebhook, createdAt: Date, attempts: readonly Attempted[], now: Date) {
  let condition: Condition = { health: "healthy", healthSince: createdAt, failingSince: null, consecutiveFailures: 0 };
  const inOrder = attempts.toSorted((a, b) => endOf(a) - endOf(b));
  for (const attempt of inOrder) {
    const succeeded = attempt.errorMessage === null;
    const seen = {
      succeeded,
      failures: succeeded ? 0 : 1,
      firstFailureAt: succeeded ? null : attempt.startedAt,
      gone: attempt.httpStatus === 410,
    };
    ({ condition } = advance(condition, seen, new Date(endOf(attempt))));
  }
  return {
    ...condition,
    lastFailure: inOrder.at(-1)?.errorMessage ?? null,
    pausedUntil:
      condition.health === "probing" ? new Date(now.getTime() + probeIntervalMs(condition.healthSince, now)) : null,
    ...disabling(webhook, now),
  };
}

function disabling({ goneSince, deletedSince }: DemoWebhook, now: Date) {
  if (goneSince !== undefined) {
    return { enabled: false, disabledReason: "gone", disabledAt: new Date(now.getTime() - goneSince) };
  }
  return { enabled: deletedSince === undefined, disabledReason: null, disabledAt: null };
}

function endOf({ startedAt, latencyMs }: Attempted): number {
  return startedAt.getTime() + latencyMs;
}
