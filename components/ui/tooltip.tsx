"use client";
import { Tooltip as RadixTooltip } from "radix-ui";
import type { ReactNode } from "react";

/** Around the whole app once: neighbouring tooltips then follow each other without delay. */
export function TooltipProvider({ children }: { children: ReactNode }) {
  return (
    <RadixTooltip.Provider delayDuration={350} skipDelayDuration={200}>
      {children}
    </RadixTooltip.Provider>
  );
}

export type TooltipProps = {
  content: ReactNode;
  side?: "top" | "right" | "bottom" | "left" | undefined;
  /** A single focusable element. */
  children: ReactNode;
};

/** A short remark on hover and focus. Nothing that is needed may stand only here: touch screens do not show it. */
export function Tooltip({ content, side = "top", children }: TooltipProps) {
  return (
    <RadixTooltip.Root>
      <RadixTooltip.Trigger asChild>{children}</RadixTooltip.Trigger>
      <RadixTooltip.Portal>
        <RadixTooltip.Content
          side={side}
          sideOffset={5}
          collisionPadding={8}
          className="z-50 max-w-72 break-words rounded-md bg-ink px-2 py-1 text-ink-inverse text-xs shadow-pop data-[state=delayed-open]:animate-pop-in"
        >
          {content}
        </RadixTooltip.Content>
      </RadixTooltip.Portal>
    </RadixTooltip.Root>
  );
}
