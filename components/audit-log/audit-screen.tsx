"use client";
import { Download, ScrollText, SearchX } from "lucide-react";
import { type ComponentProps, Suspense } from "react";
import { PagedList } from "@/components/shell/paged-list";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { useNow } from "@/components/ui/use-now";
import type { AuditEntry } from "@/lib/contracts/audit-log";
import {
  auditLogCsvHref,
  useListAuditLogInfiniteQuery,
  useListInstallationAuditLogInfiniteQuery,
} from "@/store/audit-log-api";
import { AuditFilters } from "./audit-filters";
import { AuditTable } from "./audit-table";
import { NO_AUDIT_FILTER, useAuditFilter } from "./use-audit-filter";

/** Who did what in the project. */
export function AuditScreen() {
  const { project, can } = useProject();
  if (!can("audit:read")) {
    return (
      <>
        <PageHeader title="Audit log" />
        <Alert tone="info" title="Your role does not show the audit log">
          Owners and admins of this project see who did what, when and from where.
        </Alert>
      </>
    );
  }
  return (
    <Suspense fallback={<SkeletonRows label="Loading the audit log" />}>
      <ProjectLog projectId={project.id} />
    </Suspense>
  );
}

function ProjectLog({ projectId }: { projectId: string }) {
  const now = useNow();
  const { filter, ...state } = useAuditFilter(now ?? 0);
  const query = useListAuditLogInfiniteQuery({ projectId, filter }, { skip: now === undefined });
  return (
    <>
      <PageHeader
        title="Audit log"
        description="Who changed what in this project, when and from where, and what was refused. Nothing in it is ever changed."
        actions={
          <Button asChild>
            <a href={auditLogCsvHref(projectId, filter)} download="audit-log.csv">
              <Download aria-hidden="true" />
              {state.isFiltered ? "Download these as CSV" : "Download as CSV"}
            </a>
          </Button>
        }
      />
      <Entries query={query} {...state} />
    </>
  );
}

/** Who did what in the whole installation, for whoever runs it. */
export function InstallationAuditScreen() {
  return (
    <Suspense fallback={<SkeletonRows label="Loading the audit log" />}>
      <InstallationLog />
    </Suspense>
  );
}

function InstallationLog() {
  const now = useNow();
  const { filter, ...state } = useAuditFilter(now ?? 0);
  const query = useListInstallationAuditLogInfiniteQuery({ filter }, { skip: now === undefined });
  return (
    <>
      <PageHeader
        title="Installation log"
        description="Who changed what in all projects, with sign-ins, accounts and the fleet, which belong to none."
      />
      <Entries query={query} {...state} />
    </>
  );
}

type EntriesProps = Omit<ReturnType<typeof useAuditFilter>, "filter"> & {
  query: ComponentProps<typeof PagedList<AuditEntry>>["query"];
};

function Entries({ query, values, isFiltered, setFilter }: EntriesProps) {
  return (
    <>
      <AuditFilters values={values} isFiltered={isFiltered} onChange={setFilter} />
      <Card>
        <PagedList
          query={query}
          noun={["entry", "entries"]}
          loading="Loading the audit log"
          empty={
            isFiltered ? (
              <EmptyState
                icon={<SearchX />}
                title="No entry matches these filters"
                actions={<Button onClick={() => setFilter(NO_AUDIT_FILTER)}>Clear filters</Button>}
              />
            ) : (
              <EmptyState icon={<ScrollText />} title="Nothing was changed yet">
                What people and API keys change from now on stands here.
              </EmptyState>
            )
          }
        >
          {(entries) => <AuditTable entries={entries} onFilter={setFilter} />}
        </PagedList>
      </Card>
    </>
  );
}
