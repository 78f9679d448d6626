"use client";
import { X } from "lucide-react";
import { type KeyboardEvent, useRef } from "react";
import { Button } from "@/components/ui/button";
import { useOffset } from "@/components/ui/time-zone";
import { useHydrated } from "@/components/ui/use-hydrated";
import { type FilterChip, filterChips, type LogFilter, withoutChip } from "./log-filter";

export type FilterChipsProps = {
  filter: LogFilter;
  webhookName: (id: string) => string;
  onChange: (changes: Partial<LogFilter>) => void;
  onClear: () => void;
};

/**
 * The clauses that narrow the list, each removable; nothing while there are none. Arrows go from chip to chip, Backspace
 * removes the one with the focus and leaves the focus on its neighbour.
 */
export function FilterChips({ filter, webhookName, onChange, onClear }: FilterChipsProps) {
  const list = useRef<HTMLUListElement>(null);
  const hydrated = useHydrated();
  const offsetAt = useOffset();
  if (!hydrated) return null;
  const chips = filterChips(filter, { webhookName, now: Date.now(), offsetAt });
  if (chips.length === 0) return null;

  const focus = (index: number) => list.current?.querySelectorAll("button")[index]?.focus();
  const remove = (chip: FilterChip, index: number) => {
    onChange(withoutChip(chip.key));
    requestAnimationFrame(() => focus(Math.min(index, chips.length - 2)));
  };
  const onKeyDown = (event: KeyboardEvent, chip: FilterChip, index: number) => {
    if (event.key === "Backspace" || event.key === "Delete") remove(chip, index);
    else if (event.key === "ArrowLeft") focus(Math.max(0, index - 1));
    else if (event.key === "ArrowRight") focus(Math.min(chips.length - 1, index + 1));
    else return;
    event.preventDefault();
  };
  return (
    <div className="flex flex-wrap items-center gap-1.5">
      <ul ref={list} aria-label="Active filters" className="flex min-w-0 flex-wrap gap-1.5">
        {chips.map((chip, index) => (
          <li key={chip.key} className="max-w-full">
            <button
              type="button"
              aria-label={`${chip.field} ${chip.operator} ${chip.value}, remove filter`}
              onClick={() => remove(chip, index)}
              onKeyDown={(event) => onKeyDown(event, chip, index)}
              className="flex h-7 max-w-full items-center gap-1.5 rounded-md border border-line-strong bg-surface pr-1.5 pl-2 text-xs hover:bg-hover pointer-coarse:h-10"
            >
              <span className="text-ink-muted">{chip.field}</span>
              <span className="text-ink-muted">{chip.operator}</span>
              <span className="min-w-0 truncate font-medium">{chip.value}</span>
              <X aria-hidden="true" className="size-3.5 shrink-0 text-ink-muted" />
            </button>
          </li>
        ))}
      </ul>
      <Button variant="ghost" size="sm" onClick={onClear}>
        Clear all
      </Button>
    </div>
  );
}
