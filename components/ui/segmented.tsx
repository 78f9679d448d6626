"use client";
import { ToggleGroup } from "radix-ui";
import { cn } from "./cn";

export type SegmentedProps<V extends string> = {
  /** What is chosen, for screen readers. */
  label: string;
  value: V;
  options: readonly { value: V; label: string; description?: string | undefined }[];
  onValueChange: (value: V) => void;
  className?: string | undefined;
};

/** One of a few short choices, all in sight; arrow keys move between them. */
export function Segmented<V extends string>({ label, value, options, onValueChange, className }: SegmentedProps<V>) {
  return (
    <ToggleGroup.Root
      type="single"
      aria-label={label}
      value={value}
      onValueChange={(next) => {
        // Pressing what is chosen would choose nothing.
        const option = options.find((candidate) => candidate.value === next);
        if (option) onValueChange(option.value);
      }}
      className={cn("inline-flex rounded-md border border-line-strong bg-surface p-0.5 shadow-control", className)}
    >
      {options.map((option) => (
        <ToggleGroup.Item
          key={option.value}
          value={option.value}
          aria-label={option.description ?? option.label}
          className={cn(
            "h-6.5 rounded px-2.5 font-medium text-ink-muted text-xs tabular-nums transition-colors hover:text-ink pointer-coarse:h-10 pointer-coarse:px-3.5",
            "data-[state=on]:bg-hover data-[state=on]:text-ink data-[state=on]:shadow-[inset_0_0_0_1px_var(--line-strong)]",
          )}
        >
          {option.label}
        </ToggleGroup.Item>
      ))}
    </ToggleGroup.Root>
  );
}
