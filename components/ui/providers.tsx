"use client";
import { ThemeProvider } from "next-themes";
import type { ReactNode } from "react";
import { Toaster } from "./toaster";
import { TooltipProvider } from "./tooltip";

export type UiProvidersProps = {
  /** The nonce of the page's content security policy, for the script that sets the theme before the first paint. */
  nonce?: string | undefined;
  children: ReactNode;
};

/** What every component of this folder needs around it, once, in the root layout. */
export function UiProviders({ nonce, children }: UiProvidersProps) {
  return (
    <ThemeProvider
      attribute="data-theme"
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
      storageKey="theme"
      {...(nonce === undefined ? {} : { nonce })}
    >
      <TooltipProvider>
        {children}
        <Toaster />
      </TooltipProvider>
    </ThemeProvider>
  );
}
