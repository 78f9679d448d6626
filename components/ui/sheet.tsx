"use client";
import * as RadixDialog from "@radix-ui/react-dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { definedState, overlayClass } from "./dialog";

export type SheetProps = {
  open?: boolean | undefined;
  onOpenChange?: ((open: boolean) => void) | undefined;
  trigger?: ReactNode | undefined;
  side?: "left" | "right" | undefined;
  title: ReactNode;
  description: ReactNode;
  /** Keeps title and description for screen readers only. */
  hideHeader?: boolean | undefined;
  className?: string | undefined;
  children: ReactNode;
};

const sides = {
  left: "left-0 border-r data-[state=open]:animate-drawer-in-left data-[state=closed]:animate-drawer-out-left",
  right: "right-0 border-l data-[state=open]:animate-drawer-in-right data-[state=closed]:animate-drawer-out-right",
};

/** A modal panel along one edge: the navigation on phones, or something to inspect. */
export function Sheet({
  trigger,
  side = "right",
  title,
  description,
  hideHeader = false,
  className,
  children,
  ...state
}: SheetProps) {
  return (
    <RadixDialog.Root {...definedState(state)}>
      {trigger === undefined ? null : <RadixDialog.Trigger asChild>{trigger}</RadixDialog.Trigger>}
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={overlayClass} />
        <RadixDialog.Content
          className={cn(
            "fixed inset-y-0 z-50 flex w-[min(36rem,100vw)] flex-col border-line bg-surface-raised text-ink shadow-pop outline-none",
            sides[side],
            className,
          )}
        >
          <div className={cn("flex items-start gap-4 border-line border-b px-5 py-3", hideHeader && "sr-only")}>
            <div className="min-w-0 flex-1">
              <RadixDialog.Title className="font-semibold text-base">{title}</RadixDialog.Title>
              <RadixDialog.Description className="text-ink-muted">{description}</RadixDialog.Description>
            </div>
            {hideHeader ? null : (
              <RadixDialog.Close asChild>
                <Button variant="ghost" size="icon-sm" aria-label="Close" className="-mr-1.5">
                  <X aria-hidden="true" />
                </Button>
              </RadixDialog.Close>
            )}
          </div>
          {children}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}
