import { useMemo } from "react";
import type { Delivery } from "@/lib/contracts/deliveries";
import { type DeliveryListArg, useListDeliveriesInfiniteQuery } from "@/store/deliveries-api";
import { countUnlisted } from "@/store/delivery-mirror";
import { useAppSelector } from "@/store/hooks";
import { selectSeen } from "@/store/live-slice";
import { useLoadMore } from "@/store/use-load-more";

const NO_ROWS: Delivery[] = [];

/**
 * The delivery log for one filter: all rows loaded so far, newest first. Rows change in place as their deliveries go
 * on; new deliveries are only counted, in `newCount`, until `showNew` reads the list again from the top.
 */
export function useDeliveryLog(arg: DeliveryListArg) {
  const query = useListDeliveriesInfiniteQuery(arg, { refetchOnMountOrArgChange: false });
  const { loadMore, isLoadingMore } = useLoadMore(query);
  const seen = useAppSelector(selectSeen);
  const rows = useMemo(() => query.currentData?.pages.flatMap((page) => page.data) ?? NO_ROWS, [query.currentData]);
  const { hasNextPage, currentData } = query;
  const newCount = useMemo(
    () =>
      currentData ? countUnlisted({ seen: Object.values(seen), rows, filter: arg.filter, hasMore: hasNextPage }) : 0,
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
    isRefreshing: query.isFetching && !query.isFetchingNextPage && currentData !== undefined,
    newCount,
    loadMore,
    /** Reads again from the top; also the way to try again after an error. */
    showNew: query.refetch,
  };
}
