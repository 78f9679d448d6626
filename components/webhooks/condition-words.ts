import { formatNumber } from "@/components/ui/format";
import type { MissedEvents } from "@/lib/contracts/missed";
import type { Webhook } from "@/lib/contracts/webhooks";

type Stated = Pick<Webhook, "status" | "condition">;

/** We disabled it, not a person. */
export function isDisabledBySystem({ status, condition }: Stated): boolean {
  return status === "disabled" && (condition.disabled_reason === "gone" || condition.disabled_reason === "failing");
}

/** Somebody should look at it. */
export function needsAttention(webhook: Stated): boolean {
  return webhook.status === "warning" || webhook.status === "probing" || isDisabledBySystem(webhook);
}

/** Those that get nothing first, then those that get little. */
export const STATUS_ORDER: readonly Webhook["status"][] = ["disabled", "probing", "warning", "healthy"];

/** Why it is disabled, as a sentence. */
export function disabledCause({ disabled_reason }: Webhook["condition"]): string {
  switch (disabled_reason) {
    case "gone":
      return "It answered 410 Gone, which means that it wants no more requests.";
    case "failing":
      return "It failed for five days without a single success.";
    default:
      return "Somebody switched it off.";
  }
}

/** The last failure with its number: `Answered 503. … 12 failures in a row.` */
export function failureWords({ last_failure, consecutive_failures }: Webhook["condition"]): string {
  const count =
    consecutive_failures === 1 ? "1 failed attempt" : `${formatNumber(consecutive_failures)} failed attempts in a row`;
  return last_failure === null ? `${count}.` : `${count}, the last one: ${last_failure}`;
}

/** What became of the deliveries that were pending; they wait while it is disabled. */
export function waitingWords(pending: number | undefined): string {
  if (pending === 0) return "No delivery is waiting.";
  if (pending === undefined) return "Deliveries that were pending wait; enabling it sends them at once.";
  return pending === 1
    ? "1 pending delivery waits; enabling it sends it at once."
    : `${formatNumber(pending)} pending deliveries wait; enabling it sends them at once.`;
}

/** `27 events`, `more than 10,000 events`. */
export function missedWords({ events, more }: Pick<MissedEvents, "events" | "more">): string {
  if (more) return `more than ${formatNumber(events)} events`;
  return events === 1 ? "1 event" : `${formatNumber(events)} events`;
}

/** The page that sends what was missed; it shows the exact number before anything is sent. */
export function replayMissedHref(webhookId: string, { from, to }: { from: string; to: string }): string {
  return `/app/replays/new?${new URLSearchParams({ kind: "while_disabled", webhook_ids: webhookId, from, to })}`;
}
