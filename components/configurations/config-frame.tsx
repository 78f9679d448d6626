"use client";
import { Archive, ArchiveRestore, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { useProject } from "@/components/shell/project-context";
import { Unavailable } from "@/components/shell/unavailable";
import { Alert } from "@/components/ui/alert";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { LinkTabs } from "@/components/ui/link-tabs";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import type { Configuration } from "@/lib/contracts/configurations";
import { useGetConfigurationQuery, useUpdateConfigurationMutation } from "@/store/configs-api";
import { ConfigProvider } from "./config-context";
import { CONFIGURATIONS, configHref } from "./links";

/** Everything that a configuration's pages share: its head, what can be done to it as a whole, the tabs. */
export function ConfigFrame({ configId, children }: { configId: string; children: ReactNode }) {
  const { project } = useProject();
  const query = useGetConfigurationQuery({ projectId: project.id, configId });
  const config = query.currentData;
  if (config === undefined) {
    return query.error ? (
      <>
        <h1 className="sr-only">Configuration</h1>
        <Unavailable
          error={query.error}
          onRetry={() => void query.refetch()}
          retrying={query.isFetching}
          missing={{
            icon: <SearchX />,
            title: "There is no such configuration in this project",
            back: { href: CONFIGURATIONS, label: "All configurations" },
          }}
        />
      </>
    ) : (
      <FrameSkeleton />
    );
  }
  const base = configHref(configId);
  return (
    <ConfigProvider config={config}>
      <PageHeader
        title={config.name}
        badge={<Badge>{config.application.name}</Badge>}
        description={config.description === "" ? undefined : config.description}
        breadcrumbs={[{ label: "Configurations", href: CONFIGURATIONS }]}
        actions={<ArchiveButton config={config} />}
      />
      {config.archived_at === null ? null : (
        <Alert tone="caution" title="This configuration is archived">
          It takes no commits and no deployments. What is deployed of it stays in force.
        </Alert>
      )}
      <LinkTabs
        label={`Pages of ${config.name}`}
        items={[
          { href: base, label: "Versions", exact: true },
          { href: `${base}/editor`, label: "Editor" },
          { href: `${base}/compare`, label: "Compare" },
          { href: `${base}/deployments`, label: "Deployments" },
          { href: `${base}/evaluations`, label: "Evaluations" },
        ]}
      />
      {children}
    </ConfigProvider>
  );
}

function ArchiveButton({ config }: { config: Configuration }) {
  const { project, can } = useProject();
  const [update, { isLoading }] = useUpdateConfigurationMutation();
  if (!can("configs:write")) return null;
  const change = (archived: boolean) =>
    update({ projectId: project.id, configId: config.id, body: { archived } }).unwrap();
  if (config.archived_at !== null) {
    return (
      <Button
        loading={isLoading}
        onClick={() =>
          void change(false).then(
            () => toast.success(`${config.name} is out of the archive`),
            (error: unknown) => toast.error(errorWords(error)),
          )
        }
      >
        <ArchiveRestore aria-hidden="true" />
        Take out of the archive
      </Button>
    );
  }
  return (
    <ConfirmDialog
      trigger={
        <Button>
          <Archive aria-hidden="true" />
          Archive
        </Button>
      }
      title={`Archive ${config.name}?`}
      description="It takes no commits and deployments any more and leaves the list. What is deployed stays in force, and it can be taken out of the archive at any time."
      confirmLabel="Archive configuration"
      tone="primary"
      onConfirm={async () => {
        await change(true);
        toast.success(`${config.name} was archived`);
      }}
      describeError={errorWords}
    />
  );
}

function FrameSkeleton() {
  return (
    <div role="status" className="flex flex-col gap-6">
      <span className="sr-only">Loading the configuration</span>
      <Skeleton className="h-6 w-64 max-w-full" />
      <Skeleton className="h-9 w-full" />
      <Skeleton className="h-48 w-full rounded-lg" />
    </div>
  );
}
