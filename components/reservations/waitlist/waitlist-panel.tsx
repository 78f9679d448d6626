"use client";
import { ListOrdered } from "lucide-react";
import type { ReactNode } from "react";
import { useProject } from "@/components/shell/project-context";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { LoadMore } from "@/components/ui/load-more";
import { SkeletonRows } from "@/components/ui/skeleton";
import { describeError } from "@/store/api-error";
import { useListWaitlistInfiniteQuery } from "@/store/waitlist-api";
import { useReaderZone } from "../use-reader-zone";
import { EntryCard } from "./entry-card";

export type WaitlistPanelProps = {
  /** Only what waits or has an offer. */
  open: boolean;
  /** What to do while the list is empty. */
  actions?: ReactNode | undefined;
  zone?: string | undefined;
};

/** The project's entries on the waiting list, newest first; offers are answered here. */
export function WaitlistPanel({ open, actions, zone: given }: WaitlistPanelProps) {
  const { project } = useProject();
  const zone = useReaderZone(given);
  const query = useListWaitlistInfiniteQuery({ projectId: project.id, open });
  const entries = query.currentData?.pages.flatMap((page) => page.data);
  if (entries === undefined) {
    const { title, detail, requestId } = describeError(query.error);
    return (
      <Card>
        {query.isError ? (
          <ErrorState
            title={title}
            message={detail}
            requestId={requestId ?? undefined}
            onRetry={() => void query.refetch()}
            retrying={query.isFetching}
          />
        ) : (
          <SkeletonRows label="Loading the waiting list" rows={3} />
        )}
      </Card>
    );
  }
  return (
    <Card>
      {entries.length === 0 ? (
        <EmptyState icon={<ListOrdered />} title={open ? "Nothing waits" : "Nothing has waited yet"} actions={actions}>
          Say what you need and by when. Once it becomes free, it is held for you, in the order of asking.
        </EmptyState>
      ) : (
        <>
          <ul aria-label="Waiting list" className="flex flex-col divide-y divide-line">
            {entries.map((entry) => (
              <EntryCard key={entry.id} entry={entry} zone={zone} />
            ))}
          </ul>
          <LoadMore
            shown={entries.length}
            noun={entries.length === 1 ? "entry" : "entries"}
            hasMore={query.hasNextPage}
            loading={query.isFetchingNextPage}
            onLoadMore={() => void query.fetchNextPage()}
            error={query.isError ? describeError(query.error).detail : undefined}
          />
        </>
      )}
    </Card>
  );
}
