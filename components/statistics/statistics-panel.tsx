"use client";
import { ChartNoAxesCombined, Table2 } from "lucide-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Card, Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import type { Statistics } from "@/lib/contracts/statistics";
import type { describeError } from "@/store/api-error";
import { useGetStatisticsQuery } from "@/store/statistics-api";
import { attemptsOf } from "./points";
import { RANGE_INFO, RANGES, useRange } from "./ranges";
import { StatisticsTable } from "./statistics-table";
import { Totals } from "./totals";

/** The chart library is large, and no page needs it to be of use. */
const Charts = dynamic(() => import("./charts").then(({ Charts: component }) => component), {
  ssr: false,
  loading: () => <ChartsSkeleton />,
});

export type StatisticsPanelProps = {
  /** Absent: of the whole project. */
  webhookId?: string | undefined;
  title: string;
  description?: string | undefined;
};

/** Success, volume, latency and queue age over a range of time, as charts or as a table. */
export function StatisticsPanel({ webhookId, title, description }: StatisticsPanelProps) {
  const { project } = useProject();
  const [range, setRange] = useRange();
  const [asTable, setAsTable] = useState(false);
  const { hours, words, pollMs } = RANGE_INFO[range];
  const query = useGetStatisticsQuery({ projectId: project.id, webhookId, hours }, { pollingInterval: pollMs });
  const statistics = query.currentData;
  return (
    <Section
      title={title}
      description={description}
      actions={
        <span className="flex flex-wrap items-center gap-2">
          <Segmented
            label="Range"
            value={range}
            options={RANGES.map((value) => ({
              value,
              label: RANGE_INFO[value].label,
              description: `Last ${RANGE_INFO[value].words}`,
            }))}
            onValueChange={setRange}
          />
          <Button size="sm" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
            {asTable ? <ChartNoAxesCombined aria-hidden="true" /> : <Table2 aria-hidden="true" />}
            {asTable ? "Show as charts" : "Show as table"}
          </Button>
        </span>
      }
    >
      {statistics ? (
        <Content statistics={statistics} words={words} asTable={asTable} />
      ) : query.error ? (
        <Failure error={query.error} onRetry={query.refetch} retrying={query.isFetching} />
      ) : (
        <div role="status" className="flex flex-col gap-4">
          <span className="sr-only">Loading the statistics</span>
          <Skeleton className="h-20 rounded-lg" />
          <ChartsSkeleton />
        </div>
      )}
    </Section>
  );
}

function Content({ statistics, words, asTable }: { statistics: Statistics; words: string; asTable: boolean }) {
  if (attemptsOf(statistics.totals) === 0) {
    return (
      <Card>
        <EmptyState icon={<ChartNoAxesCombined />} title={`No attempts in the last ${words}`}>
          Nothing was sent in this time. Choose a longer range, or emit an event: its attempts appear here within
          seconds.
        </EmptyState>
      </Card>
    );
  }
  return (
    <div className="flex flex-col gap-4">
      <Totals statistics={statistics} before={words} />
      {asTable ? <StatisticsTable statistics={statistics} /> : <Charts statistics={statistics} />}
    </div>
  );
}

function ChartsSkeleton() {
  return (
    <div aria-hidden="true" className="grid gap-4 lg:grid-cols-2">
      {["success", "volume", "latency", "wait"].map((name) => (
        <Skeleton key={name} className="h-65 rounded-lg" />
      ))}
    </div>
  );
}

type FailureProps = { error: Parameters<typeof describeError>[0]; onRetry: () => void; retrying: boolean };

function Failure({ error, ...retry }: FailureProps) {
  return (
    <Card>
      <LoadError error={error} {...retry} />
    </Card>
  );
}
