"use client";
import { Suspense } from "react";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Card } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { useGetCreditsQuery } from "@/store/credits-api";
import { BalanceCard } from "./balance-card";
import { ExpiringCard } from "./expiring-card";
import { ForecastSection } from "./forecast-section";
import { GrantsSection } from "./grants-section";
import { LedgerSection } from "./ledger-section";
import { Suggestion } from "./suggestion";

/** The project's credits: what there is, what becomes of it, and every movement. */
export function CreditsScreen() {
  const { project, can } = useProject();
  if (!can("credits:read")) {
    return (
      <>
        <PageHeader title="Credits" />
        <Alert tone="info" title="Your role does not show credits">
          Ask an owner or admin of this project for a role that can see them.
        </Alert>
      </>
    );
  }
  return (
    <>
      <PageHeader
        title="Credits"
        description="Prepaid credits pay for reservations: held when you book, used as time passes, given back when you change your mind."
      />
      <Summary projectId={project.id} isPremium={project.plan === "premium"} />
      <GrantsSection projectId={project.id} />
      <Suspense fallback={<SkeletonRows label="Loading the ledger" />}>
        <LedgerSection projectId={project.id} />
      </Suspense>
    </>
  );
}

function Summary({ projectId, isPremium }: { projectId: string; isPremium: boolean }) {
  const { currentData: summary, ...query } = useGetCreditsQuery({ projectId });
  if (summary === undefined) {
    return (
      <Card>
        {query.error ? (
          <LoadError error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
        ) : (
          <SkeletonRows label="Loading credits" />
        )}
      </Card>
    );
  }
  return (
    <>
      {isPremium ? null : (
        <Alert tone="info" title="Booking GPUs belongs to the premium plan">
          This project is on the free plan. Its credits are kept, and what runs out is shown below; whoever runs the
          installation can change the plan.
        </Alert>
      )}
      {summary.suggestion === null || !isPremium ? null : <Suggestion suggestion={summary.suggestion} />}
      <div className="grid items-start gap-6 xl:grid-cols-2">
        <BalanceCard summary={summary} />
        <ExpiringCard summary={summary} />
      </div>
      <ForecastSection summary={summary} />
    </>
  );
}
