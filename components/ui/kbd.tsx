import type { ReactNode } from "react";
import { cn } from "./cn";

/** A key to press. */
export function Kbd({ children, className }: { children: ReactNode; className?: string | undefined }) {
  return (
    <kbd
      className={cn(
        "inline-flex h-[18px] min-w-[18px] items-center justify-center rounded border border-line-strong bg-surface-sunken px-1 font-sans text-2xs text-ink-muted",
        className,
      )}
    >
      {children}
    </kbd>
  );
}
