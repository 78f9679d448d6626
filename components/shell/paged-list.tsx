"use client";
import type { ReactNode } from "react";
import { LoadMore } from "@/components/ui/load-more";
import { SkeletonRows } from "@/components/ui/skeleton";
import { describeError } from "@/store/api-error";
import { useLoadMore } from "@/store/use-load-more";
import { LoadError, type LoadErrorProps } from "./load-error";

type Pages<Row> = { pages: readonly { data: readonly Row[] }[] };

/** What the store's infinite queries answer, as far as it is shown. */
type PagedQuery<Row> = {
  data?: Pages<Row> | undefined;
  currentData?: Pages<Row> | undefined;
  error?: LoadErrorProps["error"];
  isError: boolean;
  isFetching: boolean;
  refetch: () => unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
};

export type PagedListProps<Row> = {
  query: PagedQuery<Row>;
  /** What one row is, and what several are. */
  noun: readonly [one: string, many: string];
  /** Rows in all, where known. */
  total?: number | undefined;
  /** What is said while the first page loads. */
  loading: string;
  /** Rows drawn meanwhile. */
  loadingRows?: number | undefined;
  /**
   * Until what is asked for now has come, what was found before stays: a dialog opened from one of its rows must not
   * close while a search is being typed. Elsewhere rows that no longer fit the filter, or the project, must not be
   * taken for those that do.
   */
  keepFormer?: boolean | undefined;
  /** In place of the rows when there are none. */
  empty: ReactNode;
  children: (rows: readonly Row[]) => ReactNode;
};

/** A list that is read page by page: its rows and the way to more of them, or why there are none. */
export function PagedList<Row>({ query, noun, total, loading, loadingRows, ...list }: PagedListProps<Row>) {
  const { currentData, error } = query;
  const { loadMore, isLoadingMore } = useLoadMore(query);
  const isAwaited = currentData === undefined;
  const shown = isAwaited && list.keepFormer && error === undefined ? query.data : currentData;
  const rows = shown?.pages.flatMap((page) => page.data) ?? [];
  if (rows.length > 0) {
    return (
      <>
        {list.children(rows)}
        <LoadMore
          shown={rows.length}
          total={total}
          noun={noun[rows.length === 1 ? 0 : 1]}
          hasMore={isAwaited || query.hasNextPage}
          loading={isAwaited || isLoadingMore}
          onLoadMore={loadMore}
          error={query.isError ? describeError(error).detail : undefined}
        />
      </>
    );
  }
  if (error !== undefined) {
    return <LoadError error={error} onRetry={() => void query.refetch()} retrying={query.isFetching} />;
  }
  return isAwaited ? <SkeletonRows label={loading} rows={loadingRows} /> : list.empty;
}
