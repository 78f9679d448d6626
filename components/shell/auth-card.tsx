import type { ReactNode } from "react";
import { ThemeToggle } from "@/components/ui/theme-toggle";
import { Logo } from "./logo";

export type AuthCardProps = {
  title: ReactNode;
  description?: ReactNode | undefined;
  /** Under the card: the way to the other page. */
  footer?: ReactNode | undefined;
  children: ReactNode;
};

/** The page of those who are not signed in: log in, set up, accept an invitation. */
export function AuthCard({ title, description, footer, children }: AuthCardProps) {
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex h-14 items-center justify-between px-4 sm:px-6">
        <Logo />
        <ThemeToggle />
      </header>
      <main className="flex flex-1 flex-col items-center px-4 pt-6 pb-16 sm:justify-center sm:pt-0">
        <div className="w-full max-w-[25rem]">
          <div className="rounded-xl border border-line bg-surface p-6 sm:p-8">
            <h1 className="font-semibold text-ink text-xl tracking-tight">{title}</h1>
            {description === undefined ? null : <p className="mt-1 text-ink-muted text-sm">{description}</p>}
            <div className="mt-6">{children}</div>
          </div>
          {footer === undefined ? null : <div className="mt-4 text-center text-ink-muted text-sm">{footer}</div>}
        </div>
      </main>
    </div>
  );
}
