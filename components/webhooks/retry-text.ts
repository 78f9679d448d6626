import { formatDuration } from "@/components/ui/format";
import { RETRY_PRESETS, WEBHOOK_LIMITS, type WebhookRetry } from "@/lib/contracts/webhooks";

type Schedule = { delays_s: readonly number[]; jitter: number };

export function scheduleOf(retry: WebhookRetry): Schedule {
  return "preset" in retry ? RETRY_PRESETS[retry.preset] : { delays_s: retry.delays_s, jitter: 0 };
}

/** Seconds as people type them: `2, 4, 8`. Empty text is an empty list, a single attempt. */
export function parseDelays(text: string): { delays_s: number[] } | { error: string } {
  const pieces = text.split(/[\s,;]+/).filter((piece) => piece !== "");
  const delays_s: number[] = [];
  for (const piece of pieces) {
    const seconds = /^\d{1,9}$/.test(piece) ? Number(piece) : Number.NaN;
    if (Number.isNaN(seconds)) return { error: `"${piece}" is not a whole number of seconds; write "2, 4, 8".` };
    if (seconds < 1) return { error: "Wait at least 1 second before a retry." };
    if (seconds > WEBHOOK_LIMITS.longestDelay) {
      return { error: `${piece} is too long; at most ${WEBHOOK_LIMITS.longestDelay} seconds (30 days).` };
    }
    delays_s.push(seconds);
  }
  if (delays_s.length > WEBHOOK_LIMITS.retries) {
    return { error: `At most ${WEBHOOK_LIMITS.retries} retries; these are ${delays_s.length}.` };
  }
  return { delays_s };
}

/** What will happen, step by step: `Attempt 1 now, 2 after 2 s, 3 after 4 s. Then it counts as failed, about 6 s in all.` */
export function previewRetries({ delays_s, jitter }: Schedule): string {
  if (delays_s.length === 0) return "A single attempt, no retries.";
  const steps = delays_s.map((seconds, index) => `${index + 2} after ${formatDuration(seconds * 1000)}`);
  const total = delays_s.reduce((sum, seconds) => sum + seconds, 0);
  const spread = jitter === 0 ? "" : `, each wait varied by up to ${Math.round(jitter * 100)} %`;
  return `Attempt 1 now, ${steps.join(", ")}${spread}. Gives up after about ${formatDuration(total * 1000)} of waiting.`;
}

/** The schedule in little room: `3 retries: 2 s, 4 s, 8 s`. */
export function summariseRetries(retry: WebhookRetry): string {
  const { delays_s, jitter } = scheduleOf(retry);
  if (delays_s.length === 0) return "No retries";
  const waits = delays_s.map((seconds) => formatDuration(seconds * 1000)).join(", ");
  const count = delays_s.length === 1 ? "1 retry" : `${delays_s.length} retries`;
  return `${count}: ${waits}${jitter === 0 ? "" : ` (±${Math.round(jitter * 100)} %)`}`;
}
