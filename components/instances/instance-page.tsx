"use client";
import { Server } from "lucide-react";
import { useProject } from "@/components/shell/project-context";
import { Unavailable } from "@/components/shell/unavailable";
import { Alert } from "@/components/ui/alert";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { ReadOnlyNote } from "@/components/webhooks/guarded";
import { INSTANCE_LIMITS, type InstanceDetail } from "@/lib/contracts/instances";
import { useGetInstanceQuery } from "@/store/instances-api";
import { InstanceActions } from "./instance-actions";
import { InstanceBoots } from "./instance-boots";
import { InstanceConnect } from "./instance-connect";
import { InstanceCost } from "./instance-cost";
import { InstanceFacts } from "./instance-facts";
import { InstanceLife } from "./instance-life";
import { InstanceLog } from "./instance-log";
import { InstanceSnapshots } from "./instance-snapshots";
import { InstanceStatus } from "./instance-status";
import { INSTANCES } from "./links";
import { statusSentence, writeBlock } from "./words";

const BREADCRUMBS = [{ label: "Instances", href: INSTANCES }];

/** One instance, live: where it stands, how to reach it, what it boots, what happened to it and what it cost. */
export function InstancePage({ instanceId }: { instanceId: string }) {
  const { project } = useProject();
  const query = useGetInstanceQuery({ projectId: project.id, instanceId });
  const { currentData: instance, error, isFetching, refetch, fulfilledTimeStamp } = query;
  if (instance !== undefined) return <Page instance={instance} answeredAt={fulfilledTimeStamp} />;
  return (
    <>
      <PageHeader title="Instance" breadcrumbs={BREADCRUMBS} />
      {error === undefined || isFetching ? (
        <SkeletonRows label="Loading the instance" />
      ) : (
        <Unavailable
          error={error}
          onRetry={() => void refetch()}
          missing={{
            icon: <Server />,
            title: "This instance is not here",
            back: { href: INSTANCES, label: "All instances" },
          }}
        />
      )}
    </>
  );
}

function Page({ instance, answeredAt }: { instance: InstanceDetail; answeredAt: number | undefined }) {
  const { can } = useProject();
  const blocked = writeBlock(can);
  return (
    <>
      <PageHeader
        title={instance.name}
        badge={
          <span role="status">
            <InstanceStatus status={instance.status} filled />
          </span>
        }
        description={statusSentence(instance)}
        actions={<InstanceActions instance={instance} />}
        breadcrumbs={BREADCRUMBS}
      />
      {blocked === undefined ? null : <ReadOnlyNote>{blocked}</ReadOnlyNote>}
      <Trouble instance={instance} />
      <InstanceLife instance={instance} />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex min-w-0 flex-col gap-6">
          <InstanceConnect instance={instance} />
          <InstanceFacts instance={instance} />
          <InstanceBoots instance={instance} />
        </div>
        <InstanceCost instance={instance} answeredAt={answeredAt} />
      </div>
      <InstanceSnapshots instance={instance} />
      <InstanceLog instanceId={instance.id} />
    </>
  );
}

/** What went wrong last, while it matters. */
function Trouble({ instance: { failure, status, tries } }: { instance: InstanceDetail }) {
  if (failure === null) return null;
  if (status === "failed") {
    return (
      <Alert tone="danger" title="It failed">
        {failure}
      </Alert>
    );
  }
  const title = status === "starting" && tries > 1 ? `Try ${tries} of ${INSTANCE_LIMITS.tries}` : "Not all is well";
  return (
    <Alert tone={status === "requested" ? "info" : "caution"} title={status === "requested" ? "It waits" : title}>
      {failure}
    </Alert>
  );
}
