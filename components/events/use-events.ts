"use client";
import { useProject } from "@/components/shell/project-context";
import { type CatalogueType, isCatalogueType } from "@/lib/contracts/event-types";
import { useListEventsInfiniteQuery } from "@/store/events-api";

/** The project's events, newest first, of one type or all. */
export function useEvents(type: string | null) {
  const { project } = useProject();
  const known: CatalogueType | undefined = type !== null && isCatalogueType(type) ? type : undefined;
  const query = useListEventsInfiniteQuery({ projectId: project.id, ...(known === undefined ? {} : { type: known }) });
  return {
    events: query.currentData?.pages.flatMap((page) => page.data) ?? [],
    isLoading: query.currentData === undefined && !query.isError,
    error: query.isError ? query.error : undefined,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    isRefreshing: query.isFetching && !query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
    reload: () => void query.refetch(),
  };
}
