"use client";
import * as RadixDialog from "@radix-ui/react-dialog";
import { X } from "lucide-react";
import type { ComponentPropsWithRef, ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { useReturnFocus } from "./use-return-focus";

/** The ground under a window, over the whole page: see app/globals.css for what it takes care of. */
export const overlayClass =
  "window-ground fixed inset-0 z-40 bg-overlay data-[state=open]:animate-fade-in data-[state=closed]:animate-fade-out";

/** A sheet from the bottom on phones, a centred window elsewhere; what does not fit scrolls inside. */
export const dialogPanelClass = cn(
  "fixed inset-x-0 bottom-0 z-50 flex max-h-[92dvh] flex-col rounded-t-xl bg-surface-raised text-ink shadow-pop outline-none",
  "pb-[env(safe-area-inset-bottom)] data-[state=closed]:animate-rise-out data-[state=open]:animate-rise-in",
  "sm:inset-x-auto sm:top-1/2 sm:bottom-auto sm:left-1/2 sm:max-h-[min(85dvh,52rem)] sm:w-[calc(100vw-2rem)] sm:-translate-x-1/2 sm:-translate-y-1/2 sm:rounded-xl sm:pb-0",
  "sm:data-[state=closed]:animate-pop-out sm:data-[state=open]:animate-pop-in",
);

export type DialogProps = {
  /** Controlled state; leave out together with `onOpenChange` when a `trigger` is enough. */
  open?: boolean | undefined;
  onOpenChange?: ((open: boolean) => void) | undefined;
  /** The element that opens the dialog; it gets the focus back on closing. */
  trigger?: ReactNode | undefined;
  title: ReactNode;
  description: ReactNode;
  /** Keeps the description for screen readers only. */
  hideDescription?: boolean | undefined;
  size?: "sm" | "md" | "lg" | "xl" | undefined;
  /** On phones it takes the whole screen: for forms that would scroll in a sheet of any height. */
  fillsPhone?: boolean | undefined;
  /** False while leaving would lose something (a secret shown once): Escape, the backdrop and the cross do nothing then. */
  dismissible?: boolean | undefined;
  children: ReactNode;
};

const widths = { sm: "sm:max-w-sm", md: "sm:max-w-lg", lg: "sm:max-w-2xl", xl: "sm:max-w-4xl" };

/**
 * A modal window. Put a DialogBody and a DialogFooter inside; around both, a form with `className="contents"` keeps the
 * footer in place while the body scrolls.
 */
export function Dialog({
  trigger,
  title,
  description,
  hideDescription,
  size = "md",
  fillsPhone = false,
  dismissible = true,
  children,
  ...state
}: DialogProps) {
  const focus = useReturnFocus(trigger !== undefined);
  const hold = (event: Event) => {
    if (!dismissible) event.preventDefault();
  };
  return (
    <RadixDialog.Root {...definedState(state)}>
      {trigger === undefined ? null : <RadixDialog.Trigger asChild>{trigger}</RadixDialog.Trigger>}
      <RadixDialog.Portal>
        <RadixDialog.Overlay className={overlayClass} />
        <RadixDialog.Content
          {...focus}
          className={cn(
            dialogPanelClass,
            fillsPhone && "max-sm:h-dvh max-sm:max-h-none max-sm:rounded-none",
            widths[size],
          )}
          onEscapeKeyDown={hold}
          onPointerDownOutside={hold}
          onInteractOutside={hold}
        >
          <div className="flex items-start gap-4 px-5 pt-4 pb-3">
            <div className="min-w-0 flex-1">
              <RadixDialog.Title className="font-semibold text-base text-ink">{title}</RadixDialog.Title>
              <RadixDialog.Description className={hideDescription ? "sr-only" : "mt-0.5 text-ink-muted text-sm"}>
                {description}
              </RadixDialog.Description>
            </div>
            {dismissible ? (
              <RadixDialog.Close asChild>
                <Button variant="ghost" size="icon-sm" aria-label="Close" className="-mt-0.5 -mr-1.5">
                  <X aria-hidden="true" />
                </Button>
              </RadixDialog.Close>
            ) : null}
          </div>
          {children}
        </RadixDialog.Content>
      </RadixDialog.Portal>
    </RadixDialog.Root>
  );
}

/** The part that scrolls. */
export function DialogBody({ className, ...props }: ComponentPropsWithRef<"div">) {
  return (
    <div
      {...props}
      className={cn(
        "flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto overscroll-contain px-5 pt-1 pb-5",
        // What clips its own overflow (a code block) would be squeezed to nothing instead of scrolled.
        "*:shrink-0",
        className,
      )}
    />
  );
}

/** The actions; on phones they take the whole width, the main one on top. */
export function DialogFooter({ className, ...props }: ComponentPropsWithRef<"div">) {
  return (
    <div
      {...props}
      className={cn(
        "flex flex-col-reverse gap-2 border-line border-t px-5 py-3 sm:flex-row sm:items-center sm:justify-end",
        className,
      )}
    />
  );
}

/** Closes the dialog around it; wraps a single button. */
export function DialogClose({ children }: { children: ReactNode }) {
  return <RadixDialog.Close asChild>{children}</RadixDialog.Close>;
}

type OpenState = Pick<DialogProps, "open" | "onOpenChange">;

/** Radix takes an absent prop for "uncontrolled", but not one that is present and undefined. */
export function definedState({ open, onOpenChange }: OpenState): {
  open?: boolean;
  onOpenChange?: (open: boolean) => void;
} {
  return { ...(open === undefined ? {} : { open }), ...(onOpenChange === undefined ? {} : { onOpenChange }) };
}
