"use client";
import { Check, Copy, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { type CopyState, useCopy } from "./use-copy";

export type CopyButtonProps = {
  /** The text, or what computes it when pressed. */
  value: string | (() => string);
  /** What is copied: "Copy id". */
  label?: string | undefined;
  /** Shows words beside the icon. */
  children?: ReactNode | undefined;
  variant?: "ghost" | "secondary" | undefined;
  className?: string | undefined;
};

const words: Record<CopyState, string> = { idle: "", copied: "Copied", failed: "Copying failed" };

/** Copies a text; says "Copied" to eyes and screen readers. */
export function CopyButton({ value, label = "Copy", children, variant = "ghost", className }: CopyButtonProps) {
  const { state, copy } = useCopy();
  const Icon = state === "copied" ? Check : state === "failed" ? TriangleAlert : Copy;
  const labelled = children !== undefined;
  return (
    <>
      <Button
        variant={variant}
        size={labelled ? "sm" : "icon-sm"}
        aria-label={labelled ? undefined : label}
        title={labelled ? undefined : label}
        onClick={() => copy(typeof value === "function" ? value() : value)}
        className={cn("relative z-10", !labelled && "size-6 [&_svg]:size-3.5", className)}
      >
        <Icon
          aria-hidden="true"
          className={cn(state === "copied" && "text-positive", state === "failed" && "text-danger")}
        />
        {labelled ? (state === "idle" ? children : words[state]) : null}
      </Button>
      <span aria-live="polite" className="sr-only">
        {words[state]}
      </span>
    </>
  );
}
