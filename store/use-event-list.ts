import { useMemo } from "react";
import type { ListedEvent } from "@/lib/contracts/events";
import { countNewEvents } from "@/store/event-filter";
import { type EventListArg, useListEventsInfiniteQuery } from "@/store/events-api";
import { useAppSelector } from "@/store/hooks";
import { selectSeenEvents } from "@/store/live-slice";
import { useLoadMore } from "@/store/use-load-more";

const NO_ROWS: ListedEvent[] = [];

/**
 * The events for one filter: all rows loaded so far, newest first. Counts change in place as deliveries go on; new events
 * are only counted, in `newCount`, until `showNew` reads the list again from the top.
 */
export function useEventList(arg: EventListArg) {
  const query = useListEventsInfiniteQuery(arg, { refetchOnMountOrArgChange: false });
  const { loadMore, isLoadingMore } = useLoadMore(query);
  const seen = useAppSelector(selectSeenEvents);
  const { hasNextPage, currentData } = query;
  const rows = useMemo(() => currentData?.pages.flatMap((page) => page.data) ?? NO_ROWS, [currentData]);
  const newCount = useMemo(
    () =>
      currentData ? countNewEvents({ seen: Object.values(seen), rows, filter: arg.filter, hasMore: hasNextPage }) : 0,
    [seen, rows, arg.filter, hasNextPage, currentData],
  );
  return {
    rows,
    /** Nothing to show yet, not even an error. */
    isLoading: currentData === undefined && !query.isError,
    /** With rows: more could not be loaded. Without: the list could not be read. */
    error: query.isError ? query.error : undefined,
    hasMore: hasNextPage,
    isLoadingMore,
    isRefreshing: query.isFetching && !query.isFetchingNextPage,
    newCount,
    loadMore,
    /** Reads again from the top; also the way to try again after an error. */
    showNew: query.refetch,
  };
}
