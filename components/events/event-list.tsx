"use client";
import { ArrowUp, RotateCw } from "lucide-react";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { IconButton } from "@/components/ui/icon-button";
import { LoadMore } from "@/components/ui/load-more";
import { SkeletonRows } from "@/components/ui/skeleton";
import { describeError } from "@/store/api-error";
import { SEEN_LIMIT } from "@/store/live-slice";
import { useEventList } from "@/store/use-event-list";
import { EventFilters } from "./event-filters";
import { EventsEmpty } from "./event-states";
import { EventTable } from "./event-table";
import { NO_EVENT_FILTER, useEventFilter } from "./use-event-filter";

/** The project's events, newest first. What is new waits above the list until it is asked for, so that no row moves. */
export function EventList({ onCatalogue }: { onCatalogue: () => void }) {
  const { project } = useProject();
  const { values, filter, setFilter } = useEventFilter();
  const { rows, error, ...list } = useEventList({ projectId: project.id, filter });
  const reload = () => {
    void list.showNew();
    window.scrollTo({ top: 0 });
  };
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-start justify-between gap-2">
        <EventFilters values={values} onChange={setFilter} />
        <IconButton
          label="Read the list again"
          icon={<RotateCw aria-hidden="true" className={list.isRefreshing ? "animate-spin" : ""} />}
          onClick={reload}
        />
      </div>
      <Card className="relative">
        <div role="status" className="pointer-events-none sticky top-16 z-30 flex h-0 justify-center">
          {list.newCount === 0 || rows.length === 0 ? null : (
            <Button
              variant="primary"
              size="sm"
              onClick={reload}
              loading={list.isRefreshing}
              className="pointer-events-auto -translate-y-1/2 rounded-full shadow-pop"
            >
              <ArrowUp aria-hidden="true" />
              {newWords(list.newCount)}
            </Button>
          )}
        </div>
        {rows.length > 0 ? (
          <>
            <EventTable events={rows} onCorrelation={(correlation_id) => setFilter({ correlation_id })} />
            <LoadMore
              shown={rows.length}
              noun={rows.length === 1 ? "event" : "events"}
              hasMore={list.hasMore}
              loading={list.isLoadingMore}
              onLoadMore={() => void list.loadMore()}
              error={error === undefined ? undefined : describeError(error).detail}
            />
          </>
        ) : list.isLoading ? (
          <SkeletonRows rows={10} label="Loading events" />
        ) : error !== undefined ? (
          <LoadError error={error} onRetry={reload} retrying={list.isRefreshing} />
        ) : (
          <EventsEmpty filter={filter} onClear={() => setFilter(NO_EVENT_FILTER)} onCatalogue={onCatalogue} />
        )}
      </Card>
    </div>
  );
}

/** Past the number that is kept the count is a lower bound. */
function newWords(count: number): string {
  return `${formatNumber(count)}${count >= SEEN_LIMIT ? "+" : ""} new`;
}
