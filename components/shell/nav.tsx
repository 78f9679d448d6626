"use client";
import Link from "next/link";
import { usePathname } from "next/navigation";
import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";

export type NavItem = {
  href: string;
  label: string;
  icon: ReactNode;
  /** Items with the same section stand together under its name; without one they stand on top. */
  section?: string | undefined;
  /** Active only on exactly this path, not below it. */
  exact?: boolean | undefined;
  /** Something at the end of the line: a count, a mark. */
  badge?: ReactNode | undefined;
};

export type NavProps = {
  items: readonly NavItem[];
  label?: string | undefined;
  /** Called when a link is followed: the drawer closes itself. */
  onNavigate?: (() => void) | undefined;
};

/** The console's main navigation. Of several items whose path fits, the longest is the active one. */
export function Nav({ items, label = "Main", onNavigate }: NavProps) {
  const pathname = usePathname();
  const active = activeHref(items, pathname);
  return (
    <nav aria-label={label} className="flex flex-col gap-5">
      {sectionsOf(items).map(([section, entries]) => (
        <div key={section}>
          {section === "" ? null : <h2 className="mb-1 px-2 font-medium text-ink-muted text-xs">{section}</h2>}
          <ul className="flex flex-col gap-px">
            {entries.map((item) => (
              <li key={item.href}>
                <Link
                  href={item.href}
                  {...(onNavigate === undefined ? {} : { onClick: onNavigate })}
                  aria-current={item.href === active ? "page" : undefined}
                  className={cn(
                    "flex h-8 items-center gap-2.5 rounded-md px-2 font-medium text-ink-muted text-sm transition-colors pointer-coarse:h-11",
                    "hover:bg-hover hover:text-ink aria-[current=page]:bg-hover aria-[current=page]:text-ink",
                    "[&_svg]:size-4 [&_svg]:shrink-0 aria-[current=page]:[&_svg]:text-accent",
                  )}
                >
                  {item.icon}
                  <span className="min-w-0 flex-1 truncate">{item.label}</span>
                  {item.badge}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}

function activeHref(items: readonly NavItem[], pathname: string): string | undefined {
  const fitting = items.filter(
    (item) => pathname === item.href || (!item.exact && pathname.startsWith(`${item.href}/`)),
  );
  return fitting.sort((a, b) => b.href.length - a.href.length)[0]?.href;
}

function sectionsOf(items: readonly NavItem[]): [string, NavItem[]][] {
  const sections = new Map<string, NavItem[]>();
  for (const item of items) {
    const section = item.section ?? "";
    sections.set(section, [...(sections.get(section) ?? []), item]);
  }
  return [...sections];
}
