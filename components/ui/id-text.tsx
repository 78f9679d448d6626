"use client";
import { cn } from "./cn";
import { CopyButton } from "./copy-button";
import { truncateMiddle } from "./format";

export type IdTextProps = {
  value: string;
  /** What kind of id it is, for the copy button: "delivery id". */
  label?: string | undefined;
  /** Characters kept at each end; `full` keeps all. */
  head?: number | undefined;
  tail?: number | undefined;
  full?: boolean | undefined;
  copy?: boolean | undefined;
  className?: string | undefined;
};

/** An id, shortened in the middle: its kind is told by its beginning, and people compare the ends. */
export function IdText({ value, label = "id", head = 8, tail = 4, full = false, copy = true, className }: IdTextProps) {
  const shown = full ? value : truncateMiddle(value, head, tail);
  return (
    <span className={cn("inline-flex min-w-0 align-middle items-center gap-0.5", className)}>
      {shown === value ? (
        <span className="min-w-0 break-all font-mono text-xs">{value}</span>
      ) : (
        <span title={value} className="font-mono text-xs">
          <span aria-hidden="true">{shown}</span>
          <span className="sr-only">{value}</span>
        </span>
      )}
      {copy ? <CopyButton value={value} label={`Copy ${label}`} /> : null}
    </span>
  );
}
