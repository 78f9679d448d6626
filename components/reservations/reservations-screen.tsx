"use client";
import { CalendarPlus } from "lucide-react";
import dynamic from "next/dynamic";
import { parseAsInteger, parseAsIsoDateTime, useQueryStates } from "nuqs";
import { useEffect, useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import { GuardedButton } from "@/components/webhooks/guarded";
import type { Opened } from "./calendar/calendar-dialogs";
import { FeedsButton } from "./feeds/feeds-button";
import { PlanExplanation } from "./plan-explanation";
import { ReservationTabs } from "./reservation-tabs";
import { writeBlock } from "./words";

/** Only in the browser: the server does not know the reader's zone, and the library draws dates at once. */
const CalendarSection = dynamic(
  () => import("./calendar/calendar-section").then(({ CalendarSection: Section }) => Section),
  { ssr: false, loading: CalendarSkeleton },
);

/** The page of reservations: free capacity, calendar, gantt and list. */
export function ReservationsScreen() {
  const { project, can } = useProject();
  const [asked, setAsked] = useQueryStates(ENTRY);
  const [opened, setOpened] = useState<Opened | null>(() => entryOf(asked));
  useEffect(() => {
    // Once it is open, closing or reloading must not open it again.
    if (asked.new !== null) void setAsked({ new: null, until: null }, { history: "replace" });
  }, [asked.new, setAsked]);
  return (
    <>
      <PageHeader
        title="Reservations"
        description="GPUs that are yours for the whole time, prepaid with credits."
        actions={
          <>
            <FeedsButton />
            <GuardedButton
              variant="primary"
              blocked={writeBlock(can)}
              onClick={() => setOpened({ kind: "book", draft: {} })}
            >
              <CalendarPlus aria-hidden="true" />
              Book GPUs
            </GuardedButton>
          </>
        }
      />
      <ReservationTabs />
      {project.plan === "premium" ? null : <PlanExplanation />}
      <CalendarSection opened={opened} onOpen={setOpened} />
    </>
  );
}

/** Links from elsewhere open the form: `new=1`, and `until` looks for a slot that ends by then. */
const ENTRY = { new: parseAsInteger, until: parseAsIsoDateTime };

function entryOf({ new: opens, until }: { new: number | null; until: Date | null }): Opened | null {
  if (opens !== 1) return null;
  return { kind: "book", draft: until === null ? {} : { finishBy: until.toISOString() } };
}

function CalendarSkeleton() {
  return (
    <div role="status" className="flex flex-col gap-4">
      <span className="sr-only">Loading the calendar</span>
      <Skeleton className="h-48 w-full rounded-lg" />
      <Skeleton className="h-8 w-2/3" />
      <Skeleton className="h-160 w-full rounded-lg" />
    </div>
  );
}
