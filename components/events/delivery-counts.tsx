import { formatNumber } from "@/components/ui/format";
import { StatusIcon } from "@/components/ui/status-badge";
import type { DeliveryCounts as Counts } from "@/lib/contracts/events";
import { countWords } from "./count-words";

/** What became of an event's deliveries: an icon and a number for each outcome that occurs. */
export function DeliveryCounts({ counts }: { counts: Counts }) {
  const parts = countWords(counts);
  if (parts.length === 0) {
    return (
      <span className="text-ink-muted" title="No webhook wanted it">
        Filtered
      </span>
    );
  }
  return (
    <span className="inline-flex items-center gap-2.5 tabular-nums">
      {parts.map(({ name, tone, count, words }) => (
        <span key={name} title={words} className="inline-flex items-center gap-1">
          <StatusIcon tone={tone} />
          <span aria-hidden="true">{formatNumber(count)}</span>
          <span className="sr-only">{words}</span>
        </span>
      ))}
    </span>
  );
}
