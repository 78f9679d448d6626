import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

/** Names over values, two or three beside each other: much about one thing in little room. */
export function FactList({ children }: { children: ReactNode }) {
  return (
    <div className="@container">
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2.5 text-sm @md:grid-cols-3">{children}</dl>
    </div>
  );
}

export type FactProps = {
  label: ReactNode;
  /** Takes the whole line. */
  wide?: boolean | undefined;
  mono?: boolean | undefined;
  children: ReactNode;
};

export function Fact({ label, wide = false, mono = false, children }: FactProps) {
  return (
    <div className={cn("min-w-0", wide && "col-span-full")}>
      <dt className="text-ink-muted text-xs">{label}</dt>
      <dd className={cn("min-w-0 text-ink [overflow-wrap:anywhere]", mono && "font-mono text-xs/5")}>{children}</dd>
    </div>
  );
}
