"use client";
import { Lock, Rocket } from "lucide-react";
import { useState } from "react";
import { LoadError } from "@/components/shell/load-error";
import { PagedList } from "@/components/shell/paged-list";
import { useProject } from "@/components/shell/project-context";
import { Badge } from "@/components/ui/badge";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { Select } from "@/components/ui/select";
import { SkeletonRows } from "@/components/ui/skeleton";
import { GuardedButton } from "@/components/webhooks/guarded";
import type { Environment } from "@/lib/contracts/deployments";
import { useListDeploymentsInfiniteQuery, useListEnvironmentsQuery } from "@/store/configs-api";
import { useConfig } from "./config-context";
import { DeployDialog } from "./deploy-dialog";
import { DeploymentTable } from "./deployment-table";
import { versionWords } from "./words";

const ALL = "all environments";

/** What is in force where, and how it came to that. */
export function DeploymentsScreen() {
  const { project } = useProject();
  const { currentData, error, isFetching, refetch } = useListEnvironmentsQuery({ projectId: project.id });
  if (currentData === undefined) {
    return error ? (
      <LoadError error={error} onRetry={() => void refetch()} retrying={isFetching} />
    ) : (
      <SkeletonRows rows={6} label="Loading the environments" />
    );
  }
  return (
    <>
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {currentData.map((environment) => (
          <EnvironmentCard key={environment.id} environment={environment} />
        ))}
      </div>
      <HistoryCard environments={currentData} />
    </>
  );
}

function EnvironmentCard({ environment }: { environment: Environment }) {
  const { config, blocked } = useConfig();
  const { can } = useProject();
  const current = config.in_force.find((place) => place.environment === environment.name);
  const closed =
    environment.protected && !can("project:manage")
      ? "This environment is protected: owners and admins deploy to it."
      : undefined;
  const hasVersion = config.variants.some(({ head }) => head > 0);
  return (
    <Card>
      <CardHeader
        title={<span className="font-mono">{environment.name}</span>}
        actions={environment.protected ? <Badge icon={<Lock aria-hidden="true" />}>protected</Badge> : undefined}
      />
      <CardBody className="flex flex-wrap items-end justify-between gap-3">
        {current ? (
          <div>
            <p className="font-medium font-mono text-lg">{versionWords(current.version)}</p>
            <p className="text-ink-muted text-xs">
              Deployment {current.number}, <RelativeTime value={current.deployed_at} />
            </p>
          </div>
        ) : (
          <p className="text-ink-muted text-sm">Nothing deployed yet</p>
        )}
        <DeployDialog
          environment={environment.name}
          trigger={
            <GuardedButton
              blocked={blocked ?? closed ?? (hasVersion ? undefined : "Commit a version first.")}
              aria-label={`Deploy to ${environment.name}`}
            >
              <Rocket aria-hidden="true" />
              Deploy
            </GuardedButton>
          }
        />
      </CardBody>
    </Card>
  );
}

function HistoryCard({ environments }: { environments: readonly Environment[] }) {
  const { arg } = useConfig();
  const [environment, setEnvironment] = useState(ALL);
  const query = useListDeploymentsInfiniteQuery({ ...arg, ...(environment !== ALL && { environment }) });
  return (
    <Card>
      <CardHeader
        title="History"
        description="Every deployment, newest first. Nothing is ever taken out of it."
        actions={
          <Select
            aria-label="Environment of the history"
            size="sm"
            className="w-44"
            value={environment}
            onValueChange={setEnvironment}
            options={[ALL, ...environments.map(({ name }) => name)].map((name) => ({ value: name, label: name }))}
          />
        }
      />
      <PagedList
        query={query}
        noun={["deployment", "deployments"]}
        loading="Loading the history"
        empty={
          <EmptyState icon={<Rocket />} title="Nothing was deployed yet" className="py-8">
            Deploy a version to an environment, and bookings that name both boot it.
          </EmptyState>
        }
      >
        {(deployments) => <DeploymentTable deployments={deployments} environments={environments} />}
      </PagedList>
    </Card>
  );
}
