import { ChevronRight } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { cn } from "./cn";

export type Breadcrumb = { label: ReactNode; href: string };

export type PageHeaderProps = {
  title: ReactNode;
  /** The page's purpose in a sentence. */
  description?: ReactNode | undefined;
  /** Beside the title: a status, a mark. */
  badge?: ReactNode | undefined;
  actions?: ReactNode | undefined;
  /** The way from the top to, but without, this page. */
  breadcrumbs?: readonly Breadcrumb[] | undefined;
  className?: string | undefined;
};

/** The head of every page: its only h1. */
export function PageHeader({ title, description, badge, actions, breadcrumbs = [], className }: PageHeaderProps) {
  return (
    <header className={cn("flex flex-col gap-1.5", className)}>
      {breadcrumbs.length === 0 ? null : (
        <nav aria-label="Breadcrumb">
          <ol className="flex flex-wrap items-center gap-1 text-ink-muted text-xs">
            {breadcrumbs.map((crumb) => (
              <li key={crumb.href} className="flex items-center gap-1">
                <Link href={crumb.href} className="rounded py-1 hover:text-ink hover:underline">
                  {crumb.label}
                </Link>
                <ChevronRight aria-hidden="true" className="size-3 text-ink-faint" />
              </li>
            ))}
          </ol>
        </nav>
      )}
      <div className="flex flex-wrap items-start justify-between gap-x-6 gap-y-3">
        <div className="min-w-0">
          <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
            <h1 className="min-w-0 break-words font-semibold text-ink text-xl tracking-tight">{title}</h1>
            {badge}
          </div>
          {description === undefined ? null : (
            <p className="mt-0.5 max-w-prose text-ink-muted text-sm">{description}</p>
          )}
        </div>
        {actions === undefined ? null : <div className="flex flex-wrap items-center gap-2">{actions}</div>}
      </div>
    </header>
  );
}
