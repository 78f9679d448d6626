"use client";
import Link from "next/link";
import type { ReactNode } from "react";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { LoadError, type LoadErrorProps } from "./load-error";

export type UnavailableProps = LoadErrorProps & {
  /** What is shown when there is no such thing, or it is another project's: the API answers 404 to both. */
  missing: { icon: ReactNode; title: string; back: { href: string; label: string } };
  /** Why it may be missing; that it may be another project's, unless given. */
  children?: ReactNode | undefined;
};

/** In place of a page whose subject could not be read: it is not here, or reading it failed. */
export function Unavailable({ error, missing, children, ...look }: UnavailableProps) {
  if (error === undefined || !("problem" in error) || error.status !== 404)
    return <LoadError error={error} {...look} />;
  return (
    <EmptyState
      icon={missing.icon}
      title={missing.title}
      actions={
        <Button asChild>
          <Link href={missing.back.href}>{missing.back.label}</Link>
        </Button>
      }
    >
      {children ?? "It may belong to another project: switch projects at the top."}
    </EmptyState>
  );
}
