"use client";

import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { StatisticsPanel } from "@/components/statistics/statistics-panel";
import { PageHeader } from "@/components/ui/page-header";
import { useGetOverviewQuery } from "@/store/deliveries-api";
import { BookingAudit } from "./booking-audit";
import { FailingWebhooks } from "./failing-webhooks";
import { Figures } from "./figures";
import { GettingStarted } from "./getting-started";
import { HealthNotice } from "./health-notice";
import { LossAudit } from "./loss-audit";
import { OverviewSkeleton } from "./overview-skeleton";
import { RunningNow } from "./running-now";

/** How often, in ms, the counts are read again when nothing happens: the window moves on all the same. */
const POLL_MS = 30_000;

/** The first page: whether everything that was accepted is accounted for, and what needs somebody's attention. */
export function Overview() {
  const { project } = useProject();
  const {
    currentData: overview,
    error,
    isFetching,
    refetch,
  } = useGetOverviewQuery({ projectId: project.id }, { pollingInterval: POLL_MS });

  return (
    <>
      <PageHeader title="Overview" description={`What happened in ${project.name} in the last 24 hours.`} />
      <GettingStarted />
      <HealthNotice />
      {overview ? (
        <>
          <div className="grid gap-6 xl:grid-cols-[minmax(0,5fr)_minmax(0,2fr)]">
            <LossAudit overview={overview} />
            <Figures overview={overview} />
          </div>
          <RunningNow />
          <BookingAudit />
          <FailingWebhooks />
          <StatisticsPanel title="Statistics" description="Over all webhooks of the project." />
        </>
      ) : error ? (
        <LoadError
          error={error}
          onRetry={refetch}
          retrying={isFetching}
          className="rounded-lg border border-line bg-surface"
        />
      ) : (
        <OverviewSkeleton />
      )}
    </>
  );
}
