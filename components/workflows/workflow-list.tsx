"use client";
import { Search, Workflow as WorkflowIcon } from "lucide-react";
import { parseAsString, parseAsStringLiteral, useQueryStates } from "nuqs";
import { PagedList } from "@/components/shell/paged-list";
import { useProject } from "@/components/shell/project-context";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { FilterPicker } from "@/components/ui/filter-picker";
import { formatNumber } from "@/components/ui/format";
import { IdText } from "@/components/ui/id-text";
import { PageHeader } from "@/components/ui/page-header";
import { PausedSearch } from "@/components/ui/paused-search";
import { RelativeTime } from "@/components/ui/relative-time";
import { RowActions, RowLink, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { WORKFLOW_KINDS, type Workflow } from "@/lib/contracts/workflows";
import { useListWorkflowsInfiniteQuery } from "@/store/workflows-api";
import { workflowHref } from "./links";
import { PublishButton } from "./publish-dialog";
import { KIND_WORDS } from "./words";
import { WorkflowTabs } from "./workflow-tabs";

const PARAMETERS = { kind: parseAsStringLiteral(WORKFLOW_KINDS), q: parseAsString.withDefault("") };
const KIND_OPTIONS = WORKFLOW_KINDS.map((kind) => ({ value: kind, label: KIND_WORDS[kind] }));

/** The project's workflows, newest first. */
export function WorkflowList() {
  const { project } = useProject();
  const [{ kind, q }, setValues] = useQueryStates(PARAMETERS);
  const query = useListWorkflowsInfiniteQuery({ projectId: project.id, kind: kind ?? undefined, q: q || undefined });
  const isNarrowed = kind !== null || q !== "";
  return (
    <>
      <PageHeader
        title="Workflows"
        description="What a call began and everything that followed, in one sequence."
        actions={<PublishButton />}
      />
      <WorkflowTabs />
      <search className="flex flex-wrap items-center gap-2">
        <PausedSearch
          label="Correlation id or title"
          value={q}
          onChange={(text) => void setValues({ q: text }, { history: "replace" })}
          className="max-w-80"
        />
        <FilterPicker
          label="Begun by"
          options={KIND_OPTIONS}
          selected={kind === null ? [] : [kind]}
          onChange={([next]) =>
            void setValues({ kind: WORKFLOW_KINDS.find((known) => known === next) ?? null }, { history: "push" })
          }
          searchable={false}
        />
      </search>
      <Card>
        <PagedList
          query={query}
          noun={["workflow", "workflows"]}
          loading="Loading workflows"
          empty={
            isNarrowed ? (
              <EmptyState
                icon={<Search />}
                title="No workflow fits"
                actions={<Button onClick={() => void setValues({ kind: null, q: "" })}>Show all</Button>}
              >
                Search by the beginning of a correlation id, or by a part of a title.
              </EmptyState>
            ) : (
              <EmptyState icon={<WorkflowIcon />} title="No workflows yet" actions={<PublishButton />}>
                A workflow begins with a booking, with an artifact that is published, or with a call that brings its own
                webhook along. Its events are numbered and reach that webhook in order.
              </EmptyState>
            )
          }
        >
          {(workflows) => <WorkflowTable workflows={workflows} />}
        </PagedList>
      </Card>
    </>
  );
}

function WorkflowTable({ workflows }: { workflows: readonly Workflow[] }) {
  return (
    <Table label="Workflows, newest first" density="relaxed">
      <THead>
        <TR>
          <TH>Workflow</TH>
          <TH>Begun by</TH>
          <TH>Correlation id</TH>
          <TH align="end">Events</TH>
          <TH align="end">Artifacts</TH>
          <TH align="end">Webhooks</TH>
          <TH align="end">Begun</TH>
        </TR>
      </THead>
      <TBody>
        {workflows.map((workflow) => (
          <TR key={workflow.id} interactive>
            <TD stackAs="title">
              <RowLink href={workflowHref(workflow.correlation_id)} prefetch={false} className="font-medium">
                {workflow.title || KIND_WORDS[workflow.kind]}
              </RowLink>
            </TD>
            <TD label="Begun by">
              <Badge>{KIND_WORDS[workflow.kind]}</Badge>
            </TD>
            <TD label="Correlation id">
              <RowActions>
                <IdText value={workflow.correlation_id} label="correlation id" head={12} />
              </RowActions>
            </TD>
            <TD label="Events" align="end">
              {formatNumber(workflow.sequence)}
            </TD>
            <TD label="Artifacts" align="end">
              {formatNumber(workflow.artifacts)}
            </TD>
            <TD label="Webhooks" align="end">
              {formatNumber(workflow.webhooks)}
            </TD>
            <TD stackAs="corner" align="end" className="text-ink-muted">
              <RowActions>
                <RelativeTime value={workflow.created_at} />
              </RowActions>
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}
