import type { ReactNode } from "react";
import { cn } from "./cn";
import { type Tone, toneSoft } from "./tone";

export type BadgeProps = {
  tone?: Tone | undefined;
  /** For words that are data (an event type, a version). */
  mono?: boolean | undefined;
  icon?: ReactNode | undefined;
  children: ReactNode;
  className?: string | undefined;
};

/** A short word about a thing: its kind, its role, a mark. For states use StatusBadge. */
export function Badge({ tone = "neutral", mono, icon, children, className }: BadgeProps) {
  return (
    <span
      className={cn(
        "inline-flex max-w-full items-center gap-1 whitespace-nowrap rounded-[5px] border border-line px-1.5 text-xs/[18px] [&_svg]:size-3",
        toneSoft[tone],
        tone !== "neutral" && "border-transparent",
        mono ? "font-mono text-2xs/[18px]" : "font-medium",
        className,
      )}
    >
      {icon}
      <span className="min-w-0 truncate">{children}</span>
    </span>
  );
}
