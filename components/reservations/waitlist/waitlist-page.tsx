"use client";
import { useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { PageHeader } from "@/components/ui/page-header";
import { Segmented } from "@/components/ui/segmented";
import { PlanNotice } from "../notices";
import { ReservationTabs } from "../reservation-tabs";
import { JoinWaitlistButton } from "./join-button";
import { WaitlistPanel } from "./waitlist-panel";

const VIEWS = [
  { value: "open", label: "Open", description: "What waits or has an offer" },
  { value: "all", label: "All" },
] as const;

/** The waiting list as a page of its own. */
export function WaitlistPage() {
  const { project } = useProject();
  const [view, setView] = useState<(typeof VIEWS)[number]["value"]>("open");
  return (
    <>
      <PageHeader
        title="Waiting list"
        description="Requests for GPUs that were not free. Whoever has waited longest is offered what becomes free."
        actions={<JoinWaitlistButton variant="primary" />}
      />
      <ReservationTabs />
      {project.plan === "premium" ? null : <PlanNotice />}
      <Segmented label="Entries" value={view} options={VIEWS} onValueChange={setView} className="self-start" />
      <WaitlistPanel open={view === "open"} actions={<JoinWaitlistButton />} />
    </>
  );
}
