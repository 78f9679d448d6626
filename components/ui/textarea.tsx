"use client";
import type { ComponentPropsWithRef } from "react";
import { cn } from "./cn";
import { useFieldControl } from "./field-context";
import { controlClass } from "./input";

export type TextareaProps = ComponentPropsWithRef<"textarea"> & { mono?: boolean | undefined };

/** A text field of several lines that grows with its content up to a bound, where the browser can. */
export function Textarea({ mono, className, rows = 3, ...own }: TextareaProps) {
  const props = useFieldControl(own);
  return (
    <textarea
      rows={rows}
      {...props}
      className={cn(
        controlClass,
        "read-only:bg-surface-sunken field-sizing-content max-h-96 min-h-16 py-1.5",
        mono && "font-mono text-xs",
        className,
      )}
    />
  );
}
