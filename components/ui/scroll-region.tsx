import type { ReactNode } from "react";
import { cn } from "./cn";

export type ScrollRegionProps = {
  /** Its name for screen readers; one of the two is needed. */
  label?: string | undefined;
  labelledBy?: string | undefined;
  /** CSS length after which it scrolls. */
  maxHeight?: string | undefined;
  className?: string | undefined;
  children: ReactNode;
};

/** Something that scrolls by itself and holds nothing that takes the focus; without its own tab stop no keyboard could scroll it. */
export function ScrollRegion({ label, labelledBy, maxHeight, className, children }: ScrollRegionProps) {
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
      aria-labelledby={labelledBy}
      className={cn("overflow-auto [contain:inline-size] focus-visible:outline-offset-[-2px]", className)}
      style={maxHeight === undefined ? undefined : { maxHeight }}
    >
      {children}
    </section>
  );
}
