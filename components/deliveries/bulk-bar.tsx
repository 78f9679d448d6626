"use client";
import { RotateCw, X } from "lucide-react";
import { Button } from "@/components/ui/button";
import { CopyButton } from "@/components/ui/copy-button";
import { Kbd } from "@/components/ui/kbd";
import { Tooltip } from "@/components/ui/tooltip";
import { deliveriesWord } from "./bulk-words";

export type BulkBarProps = {
  /** Exactly what is chosen. */
  scope: string;
  /** Ids to copy; none where all that match are chosen. */
  ids: readonly string[];
  /** How many match in all, where that is more than what is chosen and known exactly. */
  matching: number | null;
  onSelectMatching: () => void;
  /** Why nothing can be retried; null when it can. */
  blocked: string | null;
  onRetry: () => void;
  onClear: () => void;
};

/** Under the list while rows are chosen: what they are, and what can be done to them. */
export function BulkBar({ scope, ids, matching, onSelectMatching, blocked, onRetry, onClear }: BulkBarProps) {
  const retry = (
    <Button
      variant="primary"
      size="sm"
      aria-disabled={blocked === null ? undefined : true}
      onClick={() => blocked === null && onRetry()}
    >
      <RotateCw aria-hidden="true" />
      Retry…
    </Button>
  );
  return (
    <section
      aria-label="Selected deliveries"
      className="flex min-h-11 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 rounded-b-lg border-line border-t bg-accent-soft py-1.5 pr-1.5 pl-4 text-xs"
    >
      <p role="status" className="min-w-0 font-medium text-accent-ink tabular-nums [overflow-wrap:anywhere]">
        {scope}
      </p>
      {matching === null ? null : (
        <Button variant="link" size="sm" onClick={onSelectMatching}>
          Select all {deliveriesWord(matching)} that match
        </Button>
      )}
      <div className="ml-auto flex items-center gap-1">
        {ids.length === 0 ? null : <CopyButton value={ids.join("\n")} label="Copy the ids" />}
        {blocked === null ? retry : <Tooltip content={blocked}>{retry}</Tooltip>}
        <Button variant="ghost" size="sm" onClick={onClear}>
          <X aria-hidden="true" />
          Clear <Kbd className="max-md:hidden">Esc</Kbd>
        </Button>
      </div>
    </section>
  );
}
