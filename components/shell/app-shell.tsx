"use client";
import { Menu } from "lucide-react";
import Link from "next/link";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/sheet";
import { SkipLink } from "@/components/ui/skip-link";
import { ThemeToggle } from "@/components/ui/theme-toggle";
import { Logo, LogoMark } from "./logo";
import { Nav, type NavItem } from "./nav";

export type AppShellProps = {
  nav: readonly NavItem[];
  /** Where the logo leads. */
  homeHref: string;
  projectSwitcher?: ReactNode | undefined;
  connection?: ReactNode | undefined;
  userMenu?: ReactNode | undefined;
  /** At the foot of the navigation: documentation, version. */
  navFooter?: ReactNode | undefined;
  /** Across the top of the content: something the whole console must know. */
  banner?: ReactNode | undefined;
  children: ReactNode;
};

const MAIN = "main";

/** The frame of every page of the console: navigation at the side (a drawer on phones), the bar on top, the content. */
export function AppShell({
  nav,
  homeHref,
  projectSwitcher,
  connection,
  userMenu,
  navFooter,
  banner,
  children,
}: AppShellProps) {
  const [drawer, setDrawer] = useState(false);
  return (
    <div className="min-h-dvh [--table-top:3rem] lg:grid lg:grid-cols-[14.5rem_minmax(0,1fr)]">
      <SkipLink targetId={MAIN} />
      <aside className="sticky top-0 hidden h-dvh flex-col border-line border-r bg-canvas lg:flex">
        <div className="flex h-12 shrink-0 items-center px-4">
          <Link href={homeHref} className="rounded-md">
            <Logo />
          </Link>
        </div>
        <div className="min-h-0 flex-1 overflow-y-auto px-2.5 py-3">
          <Nav items={nav} />
        </div>
        {navFooter === undefined ? null : (
          <div className="border-line border-t px-4 py-3 text-ink-muted text-xs">{navFooter}</div>
        )}
      </aside>
      <div className="flex min-w-0 flex-col">
        <header className="sticky top-0 z-30 flex h-12 items-center gap-1.5 border-line border-b bg-surface px-2 sm:px-4 pointer-coarse:h-14">
          <Sheet
            open={drawer}
            onOpenChange={setDrawer}
            side="left"
            title="Navigation"
            description="The console's pages"
            hideHeader
            className="w-72"
            trigger={
              <Button variant="ghost" size="icon" aria-label="Open navigation" className="lg:hidden">
                <Menu aria-hidden="true" />
              </Button>
            }
          >
            <div className="flex h-14 shrink-0 items-center border-line border-b px-4">
              <Logo />
            </div>
            <div className="min-h-0 flex-1 overflow-y-auto px-2.5 py-4">
              <Nav items={nav} onNavigate={() => setDrawer(false)} />
            </div>
            {navFooter === undefined ? null : (
              <div className="border-line border-t px-4 py-3 text-ink-muted text-xs">{navFooter}</div>
            )}
          </Sheet>
          <Link href={homeHref} aria-label="Dumont, home" className="hidden rounded-md p-1 sm:block lg:hidden">
            <LogoMark />
          </Link>
          <div className="min-w-0 flex-1">{projectSwitcher}</div>
          <div className="flex shrink-0 items-center gap-1">
            {connection}
            <ThemeToggle />
            {userMenu}
          </div>
        </header>
        {banner}
        <main
          id={MAIN}
          tabIndex={-1}
          className="mx-auto flex w-full min-w-0 max-w-[88rem] flex-1 flex-col gap-6 px-4 py-6 sm:px-6 lg:px-8"
        >
          {children}
        </main>
      </div>
    </div>
  );
}
