"use client";
import { Check, ChevronRight, Minus } from "lucide-react";
import { type KeyboardEvent, useId } from "react";
import { cn } from "@/components/ui/cn";
import { type EventRow, exampleBody } from "@/components/webhooks/event-rows";
import type { Ticked } from "@/components/webhooks/event-selection";

type EventPickerRowProps = {
  row: EventRow;
  /** Whether Tab leads here; exactly one row of the tree has it. */
  tabStop: boolean;
  disabled: boolean;
  onFocus: () => void;
  onKeyDown: (event: KeyboardEvent) => void;
  onToggle: () => void;
  onExpand: () => void;
};

/** One line of the event tree: pressing it ticks it, the arrow at its end opens it. */
export function EventPickerRow({
  row,
  tabStop,
  disabled,
  onFocus,
  onKeyDown,
  onToggle,
  onExpand,
}: EventPickerRowProps) {
  const id = useId();
  const { kind, level, ticked, expanded, label, description, example } = row;
  const mono = kind === "type" || kind === "wildcard";
  return (
    <div
      role="treeitem"
      tabIndex={tabStop ? 0 : -1}
      data-row={row.id}
      aria-level={level}
      aria-posinset={row.place}
      aria-setsize={row.siblings}
      aria-checked={ticked}
      aria-expanded={expanded}
      aria-disabled={disabled}
      aria-labelledby={`${id}-label`}
      aria-describedby={`${id}-description`}
      onFocus={onFocus}
      onKeyDown={onKeyDown}
      className="scroll-my-8 focus-visible:outline-offset-[-2px]"
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the pointer's way to what the keyboard does on the treeitem around it */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the treeitem around it has the keys */}
      <div
        onClick={onToggle}
        className={cn(
          "flex min-h-9 cursor-default select-none items-center gap-2.5 py-1 pr-2 pl-3 pointer-coarse:min-h-11",
          level === 2 && "pl-9",
          disabled ? "opacity-70" : "hover:bg-hover",
        )}
      >
        <TickBox ticked={ticked} />
        <span className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-3">
          <span id={`${id}-label`} className={cn("text-ink text-sm", mono ? "font-mono text-xs" : "font-medium")}>
            {label}
          </span>
          <span id={`${id}-description`} className="min-w-0 text-ink-muted text-xs">
            {description}
          </span>
        </span>
        {expanded === undefined ? null : (
          <button
            type="button"
            tabIndex={-1}
            aria-label={`${expanded ? "Close" : "Open"} ${kind === "type" ? `the example of ${label}` : label}`}
            title={kind === "type" ? "Example payload" : undefined}
            onClick={(event) => {
              event.stopPropagation();
              onExpand();
            }}
            className="-my-1 flex size-8 shrink-0 items-center justify-center rounded-md text-ink-muted hover:bg-line hover:text-ink pointer-coarse:size-11"
          >
            <ChevronRight
              aria-hidden="true"
              className={cn("size-4 transition-transform duration-100", expanded && "rotate-90")}
            />
          </button>
        )}
      </div>
      {kind === "type" && expanded && example ? (
        <div className="mr-3 mb-2 ml-9 cursor-auto rounded-md border border-line bg-surface-sunken px-3 py-2">
          <p className="text-ink-muted text-xs">Example of what the receiver gets</p>
          <pre className="mt-1 select-text whitespace-pre-wrap font-mono text-ink text-xs/[1.6] [overflow-wrap:anywhere]">
            {exampleBody(label, example)}
          </pre>
        </div>
      ) : null}
    </div>
  );
}

/** Looks like the checkbox of the kit; the treeitem around it carries the state for assistive technology. */
function TickBox({ ticked }: { ticked: Ticked }) {
  return (
    <span
      aria-hidden="true"
      className={cn(
        "flex size-4 shrink-0 items-center justify-center rounded-[4px] border text-on-fill",
        ticked === false ? "border-control bg-surface" : "border-accent-fill bg-accent-fill",
      )}
    >
      {ticked === true ? <Check strokeWidth={3} className="size-3" /> : null}
      {ticked === "mixed" ? <Minus strokeWidth={3} className="size-3" /> : null}
    </span>
  );
}
