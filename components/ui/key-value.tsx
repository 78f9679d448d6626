import type { ReactNode } from "react";
import { cn } from "./cn";

/** Names and values; beside each other where there is room. */
export function KeyValueList({ children, className }: { children: ReactNode; className?: string | undefined }) {
  return <dl className={cn("divide-y divide-line text-sm", className)}>{children}</dl>;
}

export type KeyValueProps = {
  label: ReactNode;
  mono?: boolean | undefined;
  children: ReactNode;
  className?: string | undefined;
};

export function KeyValue({ label, mono, children, className }: KeyValueProps) {
  return (
    <div className={cn("grid grid-cols-[minmax(7rem,2fr)_minmax(0,5fr)] items-baseline gap-x-4 py-2", className)}>
      <dt className="text-ink-muted">{label}</dt>
      <dd className={cn("min-w-0 text-ink [overflow-wrap:anywhere]", mono && "font-mono text-xs/5")}>{children}</dd>
    </div>
  );
}

/** One figure of a row of them: a name over a value. */
export function Stat({
  label,
  children,
  note,
  className,
}: Omit<KeyValueProps, "mono"> & { note?: ReactNode | undefined }) {
  return (
    <div className={cn("min-w-0", className)}>
      <dt className="truncate text-ink-muted text-xs">{label}</dt>
      <dd className="mt-0.5 min-w-0 truncate font-medium text-ink text-lg tabular-nums">{children}</dd>
      {note === undefined ? null : <dd className="text-ink-muted text-xs">{note}</dd>}
    </div>
  );
}

/** The row in which Stats stand. */
export function StatList({ children, className }: { children: ReactNode; className?: string | undefined }) {
  return (
    <dl className={cn("grid grid-cols-2 gap-x-6 gap-y-4 sm:grid-cols-[repeat(auto-fit,minmax(8rem,1fr))]", className)}>
      {children}
    </dl>
  );
}
