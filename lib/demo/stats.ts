import { addTo, emptyHistogram } from "@/lib/webhooks/histogram";

const MINUTE_MS = 60_000;

/** An attempt as far as it is counted. */
export type CountedAttempt = {
  webhookId: string;
  startedAt: Date;
  latencyMs: number;
  queueMs: number;
  succeeded: boolean;
  /** It was the last of a delivery that was given up. */
  givenUp: boolean;
};

/** What the workers would have counted, had they made these attempts: one row per webhook and minute. */
export function demoStats(projectId: string, attempts: readonly CountedAttempt[]) {
  const rows = new Map<string, ReturnType<typeof emptyRow>>();
  for (const attempt of attempts) {
    const ended = attempt.startedAt.getTime() + attempt.latencyMs;
    const minute = new Date(Math.floor(ended / MINUTE_MS) * MINUTE_MS);
    const key = `${attempt.webhookId} ${minute.getTime()}`;
    const row = rows.get(key) ?? emptyRow(projectId, attempt.webhookId, minute);
    rows.set(key, row);
    if (attempt.succeeded) {
      row.attemptsOk += 1;
      row.delivered += 1;
    } else row.attemptsFailed += 1;
    if (attempt.givenUp) row.failed += 1;
    addTo(row.latency, attempt.latencyMs);
    addTo(row.queueWait, attempt.queueMs);
  }
  return [...rows.values()];
}

function emptyRow(projectId: string, webhookId: string, minute: Date) {
  return {
    projectId,
    webhookId,
    minute,
    delivered: 0,
    failed: 0,
    attemptsOk: 0,
    attemptsFailed: 0,
    latency: emptyHistogram(),
    queueWait: emptyHistogram(),
  };
}
