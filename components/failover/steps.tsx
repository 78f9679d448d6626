import { Timestamp } from "@/components/ui/timestamp";

/** What happened and when, the oldest first. */
export function Steps({ label, steps }: { label: string; steps: readonly { at: string; what: string }[] }) {
  return (
    <ol aria-label={label} className="flex flex-col gap-1.5 border-line border-s ps-4">
      {steps.map(({ at, what }) => (
        <li key={`${at} ${what}`} className="flex flex-col gap-x-3 text-sm sm:flex-row">
          <span className="shrink-0 text-ink-muted text-xs/5 tabular-nums sm:w-28">
            <Timestamp value={at} />
          </span>
          <span className="min-w-0 text-ink [overflow-wrap:anywhere]">{what}</span>
        </li>
      ))}
    </ol>
  );
}
