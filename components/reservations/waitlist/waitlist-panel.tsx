"use client";
import { ListOrdered } from "lucide-react";
import type { ReactNode } from "react";
import { PagedList } from "@/components/shell/paged-list";
import { useProject } from "@/components/shell/project-context";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
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
  return (
    <Card>
      <PagedList
        query={query}
        noun={["entry", "entries"]}
        loading="Loading the waiting list"
        loadingRows={3}
        empty={
          <EmptyState
            icon={<ListOrdered />}
            title={open ? "Nothing waits" : "Nothing has waited yet"}
            actions={actions}
          >
            Say what you need and by when. Once it becomes free, it is held for you, in the order of asking.
          </EmptyState>
        }
      >
        {(entries) => (
          <ul aria-label="Waiting list" className="flex flex-col divide-y divide-line">
            {entries.map((entry) => (
              <EntryCard key={entry.id} entry={entry} zone={zone} />
            ))}
          </ul>
        )}
      </PagedList>
    </Card>
  );
}
