import { formatNumber } from "@/components/ui/format";
import type { RetrySkip } from "@/lib/contracts/delivery-log";
import type { FilterChip } from "./log-filter";
import type { Selection } from "./selection";

const SKIPS: Readonly<Record<RetrySkip, string>> = {
  not_found: "not there any more",
  in_progress: "an attempt is under way",
  webhook_disabled: "the webhook is disabled",
  webhook_deleted: "the webhook was deleted",
};

/** `12 deliveries`, `1 delivery` */
export function deliveriesWord(count: number): string {
  return `${formatNumber(count)} ${count === 1 ? "delivery" : "deliveries"}`;
}

/** Exactly what an action on the selection would be done to. @param chips the clauses of the log's filter */
export function scopeWords({ ids, matching }: Selection, chips: readonly FilterChip[]): string {
  if (matching === null) return `${deliveriesWord(ids.size)} selected`;
  const clauses = chips.map(({ field, operator, value }) => `${field} ${operator} ${value}`).join(", ");
  return `All ${deliveriesWord(matching.total)} ${clauses === "" ? "of the log" : `that match: ${clauses}`}`;
}

/** `2: the webhook is disabled`, one for each reason. */
export function skipWords(skipped: ReadonlyMap<RetrySkip, number>): string[] {
  return [...skipped].map(([reason, count]) => `${formatNumber(count)}: ${SKIPS[reason]}`);
}

/**
 * The page that prepares a replay of the same deliveries; null where a replay could not mean exactly these: it knows a
 * time, webhooks and nothing else.
 * @param from where the matching deliveries begin, ISO 8601
 */
export function replayHref({ matching }: Selection, from: string): string | null {
  if (matching === null) return null;
  const { status, webhook_id, from: since, to, ...others } = matching.filter;
  if (status?.join() !== "failed" || to === undefined || Object.keys(others).length > 0) return null;
  const search = new URLSearchParams({ kind: "failed", from: since ?? from, to });
  if (webhook_id !== undefined) search.set("webhook_ids", webhook_id.join(","));
  return `/app/replays/new?${search}`;
}
