import { formatNumber } from "@/components/ui/format";
import type { FilterPreview, PreviewedEvent } from "@/lib/contracts/filter-preview";

/** "37 of the last 100 events would have come." */
export function previewWords({ considered, matched }: Pick<FilterPreview, "considered" | "matched">): string {
  if (considered === 0) return "This project has no event yet to try it on. Emit one, then update.";
  if (considered === 1) return `The only event so far would ${matched === 1 ? "" : "not "}have come.`;
  const share = matched === 0 ? "None" : matched === considered ? "All" : formatNumber(matched);
  return `${share} of the last ${formatNumber(considered)} events would have come.`;
}

const REASONS: readonly [PreviewedEvent["verdict"], string][] = [
  ["type", "not of these types"],
  ["application", "of another application"],
  ["environment", "of another environment"],
  ["labels", "with other labels"],
  ["payload", "with another payload"],
];

/** Why the others would not have come, most decisive clause first: "41 not of these types, 22 with another payload". */
export function reasonWords(events: readonly PreviewedEvent[]): string {
  return REASONS.map(([verdict, words]) => [events.filter((event) => event.verdict === verdict).length, words] as const)
    .filter(([count]) => count > 0)
    .map(([count, words]) => `${formatNumber(count)} ${words}`)
    .join(", ");
}
