import type { StatusTone } from "@/components/ui/status-badge";
import type { DeliveryCounts } from "@/lib/contracts/events";

const OUTCOMES = [
  ["failed", "danger"],
  ["pending", "waiting"],
  ["delivered", "positive"],
  ["cancelled", "off"],
] as const satisfies readonly (readonly [keyof DeliveryCounts, StatusTone])[];

/** The outcomes that occur, those that ask for attention first; empty for an event without deliveries. */
export function countWords(counts: DeliveryCounts) {
  return OUTCOMES.map(([name, tone]) => ({ name, tone, count: counts[name], words: `${counts[name]} ${name}` })).filter(
    ({ count }) => count > 0,
  );
}
