"use client";
import { Popover as RadixPopover } from "radix-ui";
import type { ComponentPropsWithRef } from "react";
import { cn } from "./cn";

export const Popover = RadixPopover.Root;

/** Use with `asChild` around a Button. */
export const PopoverTrigger = RadixPopover.Trigger;

export const PopoverAnchor = RadixPopover.Anchor;

export const PopoverClose = RadixPopover.Close;

/** A panel beside its trigger. Give it an `aria-label` or `aria-labelledby`: it is a dialog to screen readers. */
export function PopoverContent({
  className,
  align = "start",
  sideOffset = 4,
  onCloseAutoFocus,
  ...props
}: ComponentPropsWithRef<typeof RadixPopover.Content>) {
  return (
    <RadixPopover.Portal>
      <RadixPopover.Content
        align={align}
        sideOffset={sideOffset}
        collisionPadding={8}
        {...props}
        onCloseAutoFocus={(event) => {
          onCloseAutoFocus?.(event);
          // It comes after the closing animation. Whoever has opened the next popover meanwhile has the focus there, and
          // taking it back to this one's trigger would close that one.
          if (document.activeElement !== document.body) event.preventDefault();
        }}
        className={cn(
          "z-50 max-h-(--radix-popover-content-available-height) w-72 max-w-[calc(100vw-1rem)] overflow-y-auto rounded-lg bg-surface-raised p-3 text-ink text-sm shadow-pop outline-none",
          "data-[state=closed]:animate-pop-out data-[state=open]:animate-pop-in",
          className,
        )}
      />
    </RadixPopover.Portal>
  );
}
