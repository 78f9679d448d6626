"use client";
import type { ReactNode } from "react";
import { Button } from "./button";
import { cn } from "./cn";
import { formatNumber } from "./format";

export type LoadMoreProps = {
  /** Rows on the screen. */
  shown: number;
  /** Rows in all, where known. */
  total?: number | undefined;
  /** What the rows are, in the plural: "deliveries". */
  noun: string;
  hasMore: boolean;
  loading?: boolean | undefined;
  onLoadMore: () => void;
  /** Why the last page could not be loaded; the rows above stay. */
  error?: ReactNode | undefined;
  className?: string | undefined;
};

/** The end of a list: how much of it is shown, and the rest on demand. */
export function LoadMore({
  shown,
  total,
  noun,
  hasMore,
  loading = false,
  onLoadMore,
  error,
  className,
}: LoadMoreProps) {
  const count =
    total === undefined ? `${formatNumber(shown)} ${noun}` : `${formatNumber(shown)} of ${formatNumber(total)} ${noun}`;
  return (
    <div
      className={cn("flex flex-wrap items-center justify-between gap-3 px-4 py-2.5 text-ink-muted text-xs", className)}
    >
      <p role="status">
        Showing {count}
        {hasMore ? "" : " · that is all"}
      </p>
      {error === undefined ? null : (
        <p role="alert" className="text-danger">
          {error}
        </p>
      )}
      {hasMore ? (
        <Button size="sm" onClick={onLoadMore} loading={loading}>
          {error === undefined ? "Load more" : "Try again"}
        </Button>
      ) : null}
    </div>
  );
}
