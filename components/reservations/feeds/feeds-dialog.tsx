"use client";
import { CalendarSync, Plus } from "lucide-react";
import { useState } from "react";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { OpenedFeed } from "@/lib/contracts/calendar-feeds";
import { useListFeedsQuery } from "@/store/feeds-api";
import { PlanNotice } from "../notices";
import { FeedAddress } from "./feed-address";
import { FeedForm } from "./feed-form";
import { FeedRow } from "./feed-row";

export type FeedsDialogProps = { open: boolean; onOpenChange: (open: boolean) => void };

/** The reader's calendars to subscribe to: make one, replace its address, revoke it. */
export function FeedsDialog({ open, onOpenChange }: FeedsDialogProps) {
  const [opened, setOpened] = useState<OpenedFeed | null>(null);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      dismissible={opened === null}
      size="lg"
      title={opened === null ? "Calendars to subscribe to" : `Address of “${opened.name}”`}
      description={
        opened === null
          ? "Show reservations in the calendar that you use anyway. It reads them again by itself, so moves and cancellations appear there."
          : "It is shown only now, and whoever has it can read the calendar. Paste it where your calendar asks for a URL."
      }
    >
      {opened === null ? (
        <Feeds onOpened={setOpened} onClose={() => onOpenChange(false)} />
      ) : (
        <FeedAddress feed={opened} onDone={() => setOpened(null)} />
      )}
    </Dialog>
  );
}

/** Mounted anew each time the dialog opens. */
function Feeds({ onOpened, onClose }: { onOpened: (feed: OpenedFeed) => void; onClose: () => void }) {
  const { project } = useProject();
  const query = useListFeedsQuery({ projectId: project.id });
  const [isAdding, setIsAdding] = useState(false);
  const feeds = query.currentData?.data;
  if (isAdding) return <FeedForm onMade={onOpened} onCancel={() => setIsAdding(false)} />;
  const isPremium = project.plan === "premium";
  const add = (
    <Button variant="primary" onClick={() => setIsAdding(true)}>
      <Plus aria-hidden="true" />
      New calendar
    </Button>
  );
  if (feeds === undefined) {
    return (
      <DialogBody>
        {query.error ? (
          <LoadError error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
        ) : (
          <SkeletonRows label="Loading your calendars" rows={3} />
        )}
      </DialogBody>
    );
  }
  return (
    <>
      <DialogBody>
        {isPremium ? null : <PlanNotice />}
        {feeds.length === 0 ? (
          <EmptyState icon={<CalendarSync />} title="No calendars yet" actions={isPremium ? add : undefined}>
            One for your own reservations, for those of the whole project, or for what is taken of a pool.
          </EmptyState>
        ) : (
          <ul aria-label="Your calendars" className="flex flex-col divide-y divide-line rounded-lg border border-line">
            {feeds.map((feed) => (
              <FeedRow key={feed.id} feed={feed} onOpened={onOpened} />
            ))}
          </ul>
        )}
      </DialogBody>
      <DialogFooter>
        <Button onClick={onClose}>Close</Button>
        {isPremium && feeds.length > 0 ? add : null}
      </DialogFooter>
    </>
  );
}
