import { useCallback, useMemo } from "react";
import type { ReceiverRequest } from "@/lib/contracts/receiver";
import { useAppDispatch, useAppSelector } from "@/store/hooks";
import { readReceiverAgain } from "@/store/live-mirror";
import { selectNewReceiverCount } from "@/store/live-slice";
import { useListReceiverRequestsInfiniteQuery } from "@/store/receiver-api";
import { useLoadMore } from "@/store/use-load-more";

const NO_REQUESTS: ReceiverRequest[] = [];

/** What the test receiver got, newest first; new requests are counted until `showNew`, as in the delivery log. */
export function useReceiverLog(projectId: string) {
  const query = useListReceiverRequestsInfiniteQuery({ projectId }, { refetchOnMountOrArgChange: false });
  const { loadMore, isLoadingMore } = useLoadMore(query);
  const dispatch = useAppDispatch();
  const newCount = useAppSelector(selectNewReceiverCount);
  const { currentData } = query;
  const requests = useMemo(() => currentData?.pages.flatMap((page) => page.data) ?? NO_REQUESTS, [currentData]);
  const showNew = useCallback(() => readReceiverAgain({ dispatch }, projectId), [dispatch, projectId]);
  return {
    requests,
    /** Nothing to show yet, not even an error. */
    isLoading: currentData === undefined && !query.isError,
    error: query.isError ? query.error : undefined,
    hasMore: query.hasNextPage,
    isLoadingMore,
    newCount,
    loadMore,
    showNew,
  };
}
