"use client";
import { Workflow as WorkflowIcon } from "lucide-react";
import { useProject } from "@/components/shell/project-context";
import { Unavailable } from "@/components/shell/unavailable";
import { Alert } from "@/components/ui/alert";
import { Badge } from "@/components/ui/badge";
import { Section } from "@/components/ui/card";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { WORKFLOW_LIMITS, type WorkflowDetail } from "@/lib/contracts/workflows";
import { useGetWorkflowQuery } from "@/store/workflows-api";
import { ArtifactTree } from "./artifact-tree";
import { EventSequence } from "./event-sequence";
import { WORKFLOWS } from "./links";
import { KIND_WORDS, typesOf } from "./words";
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
      {workflow.truncated ? (
        <Alert>The first {WORKFLOW_LIMITS.shown} events are shown; the list of events has all of them.</Alert>
      ) : null}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-6">
          {workflow.artifact_tree.length === 0 ? null : (
            <Section title="Artifacts" description="Each stands under the one that led to it.">
              <ArtifactTree artifacts={workflow.artifact_tree} />
            </Section>
          )}
          <Section title="Events" description="In the sequence in which receivers get them.">
            <EventSequence events={workflow.events} typeOf={typesOf(workflow.artifact_tree)} />
          </Section>
        </div>
        <WorkflowFacts workflow={workflow} />
      </div>
    </>
  );
}
