import { formatDuration, formatNumber } from "@/components/ui/format";
import type { StatusTone } from "@/components/ui/status-badge";
import type { Replay, ReplayKind, SkipReason } from "@/lib/contracts/replays";

type KindWords = { label: string; sentence: string };

export const KIND_WORDS: Record<ReplayKind, KindWords> = {
  failed: {
    label: "Failed deliveries",
    sentence: "Deliveries that were given up after their last attempt, sent again under the same delivery id.",
  },
  missing: {
    label: "Missing events",
    sentence:
      "Events that a webhook subscribes to today but never got: it was created, subscribed or its filter changed later.",
  },
  while_disabled: {
    label: "While disabled",
    sentence: "Events that passed a webhook by because it was disabled when they came.",
  },
};

const REASON_WORDS: Record<SkipReason, string> = {
  webhook_disabled: "the webhook is disabled",
  webhook_deleted: "the webhook was deleted",
  unsubscribed: "no longer subscribed",
  superseded: "sent in another way meanwhile, or no longer kept",
};

/** `12 skipped: the webhook is disabled` */
export function skippedWords({ reason, count }: { reason: SkipReason; count: number }): string {
  return `${formatNumber(count)} skipped: ${REASON_WORDS[reason]}`;
}

/** What a replay is doing, in a word and its tone. A completed one is done only when nothing of it is under way. */
export function stateOf({ status, outcome }: Pick<Replay, "status" | "outcome">): { word: string; tone: StatusTone } {
  if (status === "running") return { word: "Running", tone: "progress" };
  if (status === "paused") return { word: "Paused", tone: "caution" };
  if (status === "cancelled") return { word: "Cancelled", tone: "off" };
  return outcome.pending > 0 ? { word: "Finishing", tone: "progress" } : { word: "Done", tone: "positive" };
}

/** The parts into which a replay's total falls. `elsewhere`: a later replay took them over, or their retention ended. */
export function partsOf({ total, queued, skipped, outcome }: Replay) {
  const { delivered, failed, pending } = outcome;
  return {
    delivered,
    failed,
    pending,
    skipped,
    elsewhere: Math.max(0, queued - delivered - failed - pending),
    waiting: Math.max(0, total - queued - skipped),
  };
}

/** `about 2 min`: how long so many take at a rate per second. */
export function durationWords(count: number, rate: number): string {
  const seconds = Math.ceil(count / rate);
  return seconds <= 1 ? "about a second" : `about ${formatDuration(seconds * 1000)}`;
}

export function countWords(count: number, one: string, many: string): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}
