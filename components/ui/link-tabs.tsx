"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { cn } from "./cn";
import { tabClass, tabListClass } from "./tabs";

export type LinkTab = {
  href: string;
  label: ReactNode;
  count?: number | undefined;
  /** Active only on exactly this path, not below it; for the first of several tabs that share a prefix. */
  exact?: boolean | undefined;
};

/** Tabs that are pages of their own: plain links, so that they open in new tabs and survive a reload. */
export function LinkTabs({
  items,
  label,
  className,
}: {
  items: readonly LinkTab[];
  label: string;
  className?: string | undefined;
}) {
  const pathname = usePathname();
  return (
    <nav aria-label={label} className={cn(tabListClass, className)}>
      {items.map((item) => (
        <Link
          key={item.href}
          href={item.href}
          className={tabClass}
          aria-current={isActive(item, pathname) ? "page" : undefined}
        >
          {item.label}
          {item.count === undefined ? null : (
            <span className="rounded-full bg-surface-sunken px-1.5 text-2xs text-ink-muted tabular-nums">
              {item.count}
            </span>
          )}
        </Link>
      ))}
    </nav>
  );
}

function isActive(item: LinkTab, pathname: string): boolean {
  const path = item.href.split(/[?#]/, 1)[0] ?? item.href;
  return pathname === path || (!item.exact && pathname.startsWith(`${path}/`));
}
