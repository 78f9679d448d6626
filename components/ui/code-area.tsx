"use client";
import type { ComponentPropsWithRef } from "react";
import { cn } from "./cn";
import { useFieldControl } from "./field-context";

export type CodeAreaProps = Omit<ComponentPropsWithRef<"textarea">, "value" | "rows" | "wrap"> & {
  value: string;
  /** Lines to mark as wrong, from 1. What is wrong must be said in words elsewhere. */
  wrongLines?: readonly number[] | undefined;
  /** How many lines it has at least. */
  minRows?: number | undefined;
};

/**
 * A field for text that a machine reads: line numbers, no wrapping, as many lines as there are. The Tab key moves on
 * as everywhere, so that nobody is caught in it.
 */
export function CodeArea({ value, wrongLines = [], minRows = 5, className, ...own }: CodeAreaProps) {
  const props = useFieldControl(own);
  const lines = Math.max(minRows, value.split("\n").length);
  return (
    <div
      className={cn(
        "flex max-h-96 w-full min-w-0 overflow-y-auto rounded-md border border-line-strong bg-surface font-mono text-xs/5 shadow-control pointer-coarse:text-[1rem]/6",
        "focus-within:outline-2 focus-within:-outline-offset-1 focus-within:outline-accent hover:border-control",
        props["aria-invalid"] ? "border-danger" : "",
        className,
      )}
    >
      <div
        aria-hidden="true"
        className="sticky left-0 shrink-0 select-none self-stretch border-line border-r bg-surface-sunken py-1.5 text-end text-ink-faint tabular-nums"
      >
        {Array.from({ length: lines }, (_, index) => (
          <div
            // biome-ignore lint/suspicious/noArrayIndexKey: a line has no other name than its number
            key={index}
            className={cn("min-w-8 px-2", wrongLines.includes(index + 1) && "bg-danger-soft font-semibold text-danger")}
          >
            {index + 1}
          </div>
        ))}
      </div>
      <textarea
        rows={lines}
        wrap="off"
        autoComplete="off"
        autoCapitalize="off"
        autoCorrect="off"
        spellCheck={false}
        {...props}
        value={value}
        // The frame draws the ring around line numbers and text together.
        className="min-w-0 flex-1 resize-none overflow-x-auto overflow-y-hidden bg-transparent px-2.5 py-1.5 text-ink outline-none! read-only:bg-surface-sunken"
      />
    </div>
  );
}
