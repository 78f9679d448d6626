import { useCallback, useEffect, useState } from "react";

/** What is needed of an infinite query of the store. */
export type ReadOn = {
  currentData?: unknown;
  hasNextPage: boolean;
  isFetching: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
};

/**
 * The next page of a list. While what is shown is being read again, as the live stream has it done, the store takes no
 * request for more and says nothing: the wish is kept until that has come, or the press would have been for nothing.
 */
export function useLoadMore({ currentData, hasNextPage, isFetching, isFetchingNextPage, fetchNextPage }: ReadOn) {
  const [isWanted, setWanted] = useState(false);
  const isAnother = currentData === undefined;
  useEffect(() => {
    if (!isWanted || (isFetching && !isAnother)) return;
    setWanted(false);
    // More of another list, or beyond its end, was not asked for.
    if (hasNextPage && !isAnother) void fetchNextPage();
  }, [isWanted, isFetching, isAnother, hasNextPage, fetchNextPage]);
  const loadMore = useCallback(() => setWanted(true), []);
  return { loadMore, isLoadingMore: isFetchingNextPage || isWanted };
}
