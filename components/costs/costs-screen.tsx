"use client";
import { parseAsString, useQueryState } from "nuqs";
import { Suspense } from "react";
import { formatCredits } from "@/components/reservations/money-words";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Card, CardBody } from "@/components/ui/card";
import { Stat, StatList } from "@/components/ui/key-value";
import { PageHeader } from "@/components/ui/page-header";
import { Select } from "@/components/ui/select";
import { SkeletonRows } from "@/components/ui/skeleton";
import { useNow } from "@/components/ui/use-now";
import type { Costs } from "@/lib/contracts/costs";
import { useGetCostsQuery } from "@/store/costs-api";
import { CostChart } from "./cost-chart";
import { InstanceCosts, ReservationCosts } from "./cost-tables";
import { type Month, monthsUntil } from "./months";
import { ThresholdsCard } from "./thresholds-card";

/** Milliseconds after which what runs is counted anew. */
const REFRESH_MS = 30_000;

/** What the project costs: as a whole, by day, by reservation and by instance, and when to tell. */
export function CostsScreen() {
  const { can } = useProject();
  if (!can("costs:read")) {
    return (
      <>
        <PageHeader title="Costs" />
        <Alert tone="info" title="Your role does not show costs">
          Ask an owner or admin of this project for a role that can see them.
        </Alert>
      </>
    );
  }
  return (
    <Suspense fallback={<SkeletonRows label="Loading costs" />}>
      <MonthlyCosts />
    </Suspense>
  );
}

function MonthlyCosts() {
  const now = useNow();
  const [chosen, setChosen] = useQueryState("month", parseAsString.withDefault(""));
  const months = monthsUntil(now ?? 0);
  const month = months.find(({ value }) => value === chosen) ?? months[0];
  return (
    <>
      <PageHeader
        title="Costs"
        description="What the project's reservations and instances have used up, in credits."
        actions={
          <Select
            aria-label="Month"
            options={months.map(({ value, label }) => ({ value, label }))}
            value={month.value}
            onValueChange={(value) => void setChosen(value === months[0].value ? null : value)}
          />
        }
      />
      {now === undefined ? (
        <SkeletonRows label="Loading costs" />
      ) : (
        <CostsOf month={month} isNow={month === months[0]} />
      )}
      <ThresholdsCard />
    </>
  );
}

function CostsOf({ month, isNow }: { month: Month; isNow: boolean }) {
  const { project } = useProject();
  const query = useGetCostsQuery(
    { projectId: project.id, from: month.from, to: month.to },
    { pollingInterval: isNow ? REFRESH_MS : 0, skipPollingIfUnfocused: true },
  );
  if (query.currentData === undefined) {
    return (
      <Card>
        {query.error ? (
          <LoadError error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
        ) : (
          <SkeletonRows label="Loading costs" />
        )}
      </Card>
    );
  }
  return (
    <>
      <Totals costs={query.currentData} month={month} isNow={isNow} />
      <CostChart days={query.currentData.days} />
      <ReservationCosts costs={query.currentData} />
      <InstanceCosts instances={query.currentData.instances} />
    </>
  );
}

function Totals({ costs, month, isNow }: { costs: Costs; month: Month; isNow: boolean }) {
  return (
    <Card>
      <CardBody>
        <StatList>
          <Stat label={`Cost of ${month.label}`} note="Used and fees">
            {formatCredits(costs.cost_micros)}
          </Stat>
          <Stat label="Used" note={isNow ? "With what runs, up to now" : "As the ledger booked it"}>
            {formatCredits(costs.captured_micros + costs.running_micros)}
          </Stat>
          <Stat label="Fees" note="Kept of what was given back">
            {formatCredits(costs.fees_micros)}
          </Stat>
          {isNow ? (
            <Stat label="An hour, now" note="Of the reservations that run">
              {formatCredits(costs.rate_micros_per_hour)}
            </Stat>
          ) : null}
        </StatList>
      </CardBody>
    </Card>
  );
}
