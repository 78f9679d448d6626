import { Badge } from "@/components/ui/badge";
import { patternMeaning, patternWords } from "@/components/webhooks/words";

/** Subscribed patterns: the first few, and how many more. */
export function EventPatterns({ patterns, limit }: { patterns: readonly string[]; limit: number }) {
  const shown = patterns.length === limit + 1 ? patterns : patterns.slice(0, limit);
  const rest = patterns.slice(shown.length);
  return (
    <span className="inline-flex min-w-0 flex-wrap gap-1">
      {shown.map((pattern) => (
        <span key={pattern} title={patternMeaning(pattern)} className="inline-flex min-w-0">
          <Badge mono={pattern !== "*"}>{patternWords(pattern)}</Badge>
        </span>
      ))}
      {rest.length === 0 ? null : (
        <span title={rest.join(", ")} className="inline-flex">
          <Badge>+{rest.length}</Badge>
        </span>
      )}
    </span>
  );
}
