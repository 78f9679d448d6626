import type { ReactNode } from "react";
import { cn } from "./cn";

export type EmptyStateProps = {
  icon?: ReactNode | undefined;
  title: ReactNode;
  /** What to do next. */
  children?: ReactNode | undefined;
  actions?: ReactNode | undefined;
  className?: string | undefined;
};

/** Nothing here yet, or nothing that matches: says which of the two it is and what to do. Never for errors. */
export function EmptyState({ icon, title, children, actions, className }: EmptyStateProps) {
  return (
    <div className={cn("flex flex-col items-center px-6 py-14 text-center", className)}>
      {icon === undefined ? null : (
        <div
          aria-hidden="true"
          className="mb-4 flex size-10 items-center justify-center rounded-lg border border-line bg-surface-sunken text-ink-muted [&_svg]:size-5"
        >
          {icon}
        </div>
      )}
      <p className="font-medium text-base text-ink">{title}</p>
      {children === undefined ? null : (
        <div className="mt-1 max-w-md text-balance text-ink-muted text-sm">{children}</div>
      )}
      {actions === undefined ? null : <div className="mt-5 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}
