"use client";
import { type ReactNode, useId } from "react";
import { cn } from "./cn";
import { CopyButton } from "./copy-button";
import { ScrollRegion } from "./scroll-region";

export type CodeBlockProps = {
  code: string;
  /** One line above the code: the file, the language, what it does. Also names the block for screen readers. */
  label?: ReactNode | undefined;
  /** Break long lines (headers, bodies) instead of scrolling sideways (commands, programs). */
  wrap?: boolean | undefined;
  /** What is copied, when it is more than what is shown. */
  copyValue?: string | undefined;
  copyLabel?: string | undefined;
  /** CSS length after which the block scrolls. */
  maxHeight?: string | undefined;
  className?: string | undefined;
};

/** Text as a machine sees it, ready to copy. */
export function CodeBlock({
  code,
  label,
  wrap = false,
  copyValue,
  copyLabel = "Copy code",
  maxHeight,
  className,
}: CodeBlockProps) {
  const labelId = useId();
  return (
    <div
      className={cn(
        "group/code relative w-full min-w-0 overflow-hidden rounded-lg border border-line bg-surface-sunken",
        className,
      )}
    >
      {label === undefined ? (
        <div className="absolute top-1.5 right-1.5 rounded-md bg-surface-sunken">
          <CopyButton value={copyValue ?? code} label={copyLabel} />
        </div>
      ) : (
        <div className="flex items-center justify-between gap-2 border-line border-b py-1 pr-1.5 pl-3">
          <div id={labelId} className="min-w-0 truncate text-ink-muted text-xs">
            {label}
          </div>
          <CopyButton value={copyValue ?? code} label={copyLabel} />
        </div>
      )}
      <ScrollRegion
        label={label === undefined ? "Code" : undefined}
        labelledBy={label === undefined ? undefined : labelId}
        maxHeight={maxHeight}
      >
        <pre
          className={cn(
            "w-max min-w-full px-3 py-2.5 font-mono text-ink text-xs/[1.6]",
            wrap && "w-full whitespace-pre-wrap [overflow-wrap:anywhere]",
            label === undefined && "pr-10",
          )}
        >
          <code>{code}</code>
        </pre>
      </ScrollRegion>
    </div>
  );
}
