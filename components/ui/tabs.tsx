"use client";
import { Tabs as RadixTabs } from "radix-ui";
import type { ComponentPropsWithRef } from "react";
import { cn } from "./cn";

/** The row under which tabs of both kinds sit; scrolls sideways when they do not fit. */
export const tabListClass = "flex gap-4 overflow-x-auto shadow-[inset_0_-1px_0_var(--line)] [scrollbar-width:none]";

/** One tab; the active one carries a line as well as a colour. */
export const tabClass = cn(
  "inline-flex h-9 shrink-0 items-center gap-1.5 whitespace-nowrap border-transparent border-b-2 font-medium text-ink-muted text-sm pointer-coarse:h-11",
  "transition-colors hover:text-ink focus-visible:outline-offset-[-2px] disabled:opacity-50 [&_svg]:size-4",
  "data-[state=active]:border-accent data-[state=active]:text-ink aria-[current=page]:border-accent aria-[current=page]:text-ink",
);

/** Tabs that swap content within one page; for tabs that are pages of their own use LinkTabs. */
export const Tabs = RadixTabs.Root;

export function TabsList({ className, ...props }: ComponentPropsWithRef<typeof RadixTabs.List>) {
  return <RadixTabs.List {...props} className={cn(tabListClass, className)} />;
}

export function TabsTrigger({ className, ...props }: ComponentPropsWithRef<typeof RadixTabs.Trigger>) {
  return <RadixTabs.Trigger {...props} className={cn(tabClass, className)} />;
}

export function TabsContent({ className, ...props }: ComponentPropsWithRef<typeof RadixTabs.Content>) {
  return <RadixTabs.Content {...props} className={cn("pt-4", className)} />;
}
