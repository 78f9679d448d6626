"use client";
import { CircleCheck, Info, OctagonAlert, TriangleAlert } from "lucide-react";
import { Toaster as Sonner } from "sonner";
import { Spinner } from "./spinner";

/** Where toasts appear; once in the whole app. Alt+T moves the focus to them. */
export function Toaster() {
  return (
    <Sonner
      position="bottom-right"
      gap={8}
      expand
      closeButton
      containerAriaLabel="Messages"
      icons={{
        success: <CircleCheck aria-hidden="true" className="size-4 text-positive" />,
        info: <Info aria-hidden="true" className="size-4 text-accent" />,
        warning: <TriangleAlert aria-hidden="true" className="size-4 text-caution" />,
        error: <OctagonAlert aria-hidden="true" className="size-4 text-danger" />,
        loading: <Spinner />,
      }}
      toastOptions={{
        unstyled: true,
        classNames: {
          toast:
            "group/toast flex w-full items-start gap-2.5 rounded-lg bg-surface-raised py-3 pr-10 pl-3.5 font-sans text-ink text-sm shadow-pop sm:w-(--width)",
          icon: "mt-0.5 flex shrink-0",
          content: "min-w-0 flex-1",
          title: "font-medium",
          description: "whitespace-pre-line break-words text-ink-muted text-xs",
          actionButton: "shrink-0 rounded-md border border-line-strong px-2 py-0.5 font-medium text-xs hover:bg-hover",
          closeButton:
            "absolute top-2 right-2 flex size-7 items-center justify-center rounded-md text-ink-muted hover:bg-hover hover:text-ink [&_svg]:size-3.5",
        },
      }}
    />
  );
}
