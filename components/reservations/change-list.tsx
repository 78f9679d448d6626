import { ArrowRight } from "lucide-react";
import type { FactChange } from "./fact-words";

/** What was and what is, fact by fact. */
export function ChangeList({ changes }: { changes: readonly FactChange[] }) {
  return (
    <dl className="mt-1 flex flex-col gap-1 text-sm">
      {changes.map(({ label, before, after }) => (
        <div key={label} className="flex flex-wrap items-baseline gap-x-2">
          <dt className="text-ink-muted">{label}</dt>
          <dd className="flex min-w-0 flex-wrap items-baseline gap-x-1.5 text-ink tabular-nums [overflow-wrap:anywhere]">
            {before === null ? null : (
              <>
                <span className="text-ink-muted">{before}</span>
                <ArrowRight role="img" aria-label="became" className="size-3 self-center text-ink-muted" />
              </>
            )}
            <span>{after ?? "none"}</span>
          </dd>
        </div>
      ))}
    </dl>
  );
}
