"use client";
import { ChevronRight } from "lucide-react";
import { type ReactNode, useId } from "react";
import { cn } from "./cn";

export type DisclosureProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  /** What is inside, so that nobody has to open it to find out. */
  description?: ReactNode | undefined;
  className?: string | undefined;
  children: ReactNode;
};

/** A part that opens on demand. Its content stays mounted, so that the fields of a form in it keep their values. */
export function Disclosure({ open, onOpenChange, title, description, className, children }: DisclosureProps) {
  const id = useId();
  return (
    <div className={cn("min-w-0", className)}>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        onClick={() => onOpenChange(!open)}
        className="flex w-full items-start gap-2 rounded-md text-start pointer-coarse:py-2"
      >
        <ChevronRight
          aria-hidden="true"
          className={cn("mt-0.5 size-4 shrink-0 text-ink-muted transition-transform duration-100", open && "rotate-90")}
        />
        <span className="min-w-0">
          <span className="block font-medium text-ink text-sm">{title}</span>
          {description === undefined ? null : <span className="block text-ink-muted text-xs">{description}</span>}
        </span>
      </button>
      <div id={id} hidden={!open} className="pt-4">
        {children}
      </div>
    </div>
  );
}
