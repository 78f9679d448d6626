"use client";
import { Workflow as WorkflowIcon } from "lucide-react";
import { PagedList } from "@/components/shell/paged-list";
import { useProject } from "@/components/shell/project-context";
import { Unavailable } from "@/components/shell/unavailable";
import { Badge } from "@/components/ui/badge";
import { Card, Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { artifactTree } from "@/lib/contracts/artifact-tree";
import type { WorkflowDetail } from "@/lib/contracts/workflows";
import {
  useGetWorkflowQuery,
  useListWorkflowArtifactsInfiniteQuery,
  useListWorkflowEventsInfiniteQuery,
} from "@/store/workflows-api";
import { ArtifactTree } from "./artifact-tree";
import { EventSequence } from "./event-sequence";
import { WORKFLOWS } from "./links";
import { KIND_WORDS } from "./words";
import { WorkflowFacts } from "./workflow-facts";

const BREADCRUMBS = [{ label: "Workflows", href: WORKFLOWS }];

/** A workflow, live: what was made, what was told of it in which order, and to whom. */
export function WorkflowPage({ correlationId }: { correlationId: string }) {
  const { project } = useProject();
  const query = useGetWorkflowQuery({ projectId: project.id, correlationId });
  const { currentData: workflow, error, isFetching, refetch } = query;
  if (workflow !== undefined) return <WorkflowView workflow={workflow} />;
  return (
    <>
      <PageHeader title="Workflow" breadcrumbs={BREADCRUMBS} />
      {error === undefined || isFetching ? (
        <SkeletonRows label="Loading the workflow" />
      ) : (
        <Unavailable
          error={error}
          onRetry={() => void refetch()}
          missing={{
            icon: <WorkflowIcon />,
            title: "This workflow is not here",
            back: { href: WORKFLOWS, label: "All workflows" },
          }}
        >
          Workflows are removed when the last of their events is, after the retention period of this installation. It
          may also belong to another project.
        </Unavailable>
      )}
    </>
  );
}

function WorkflowView({ workflow }: { workflow: WorkflowDetail }) {
  return (
    <>
      <PageHeader
        title={workflow.title || KIND_WORDS[workflow.kind]}
        badge={<Badge>{KIND_WORDS[workflow.kind]}</Badge>}
        breadcrumbs={BREADCRUMBS}
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-6">
          {workflow.artifacts === 0 ? null : <Artifacts workflow={workflow} />}
          <Events workflow={workflow} />
        </div>
        <WorkflowFacts workflow={workflow} />
      </div>
    </>
  );
}

function Artifacts({ workflow: { correlation_id, artifacts } }: { workflow: WorkflowDetail }) {
  const { project } = useProject();
  const query = useListWorkflowArtifactsInfiniteQuery({ projectId: project.id, correlationId: correlation_id });
  return (
    <Section title="Artifacts" description="Each stands under the one that led to it.">
      <Card>
        <PagedList
          query={query}
          noun={["artifact", "artifacts"]}
          total={artifacts}
          loading="Loading the artifacts"
          loadingRows={2}
          empty={null}
        >
          {(steps) => <ArtifactTree artifacts={artifactTree(steps)} />}
        </PagedList>
      </Card>
    </Section>
  );
}

function Events({ workflow: { correlation_id } }: { workflow: WorkflowDetail }) {
  const { project } = useProject();
  const query = useListWorkflowEventsInfiniteQuery({ projectId: project.id, correlationId: correlation_id });
  return (
    <Section title="Events" description="In the sequence in which receivers get them.">
      <Card>
        <PagedList
          query={query}
          noun={["event", "events"]}
          loading="Loading the events"
          loadingRows={3}
          empty={
            <p className="p-4 text-ink-muted text-sm">No event is left of it; events are kept for a while only.</p>
          }
        >
          {(events) => <EventSequence events={events} />}
        </PagedList>
      </Card>
    </Section>
  );
}
