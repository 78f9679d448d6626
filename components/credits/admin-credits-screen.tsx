"use client";
import { Coins, Search, SearchX } from "lucide-react";
import { parseAsString, useQueryState } from "nuqs";
import { Suspense } from "react";
import { formatCredits } from "@/components/reservations/money-words";
import { PagedList } from "@/components/shell/paged-list";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { formatUtc } from "@/components/ui/format";
import { Input } from "@/components/ui/input";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { ActionsTH, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { usePausedText } from "@/components/ui/use-paused-text";
import type { AdminCredits } from "@/lib/contracts/credits";
import { useListAdminCreditsInfiniteQuery } from "@/store/credits-api";
import { AdminGrantsDialog } from "./admin-grants-dialog";
import { GrantDialog } from "./grant-dialog";
import { planWords } from "./words";

/** The credits of every project, for whoever runs the installation. */
export function AdminCreditsScreen() {
  return (
    <>
      <PageHeader
        title="Credits of all projects"
        description="Grant credits to a project, or take back what is left of a grant. Every movement stays in the project's ledger."
      />
      <Suspense fallback={<SkeletonRows label="Loading projects" />}>
        <Projects />
      </Suspense>
    </>
  );
}

function Projects() {
  const [q, setQ] = useQueryState("q", parseAsString.withDefault(""));
  const query = useListAdminCreditsInfiniteQuery({ q });
  const { text, setText } = usePausedText(q, (next) => void setQ(next === "" ? null : next));
  return (
    <>
      <search>
        <Input
          type="search"
          aria-label="Project name or id"
          placeholder="Project name or id"
          autoComplete="off"
          maxLength={200}
          prefix={<Search aria-hidden="true" />}
          value={text}
          onChange={(event) => setText(event.target.value)}
          className="max-w-96"
        />
      </search>
      <Card>
        <PagedList
          query={query}
          noun={["project", "projects"]}
          loading="Loading projects"
          keepFormer
          empty={
            q === "" ? (
              <EmptyState icon={<Coins />} title="No projects yet" />
            ) : (
              <EmptyState
                icon={<SearchX />}
                title="No project matches"
                actions={<Button onClick={() => void setQ(null)}>Show all projects</Button>}
              />
            )
          }
        >
          {(rows) => <ProjectTable rows={rows} />}
        </PagedList>
      </Card>
    </>
  );
}

function ProjectTable({ rows }: { rows: readonly AdminCredits[] }) {
  return (
    <Table label="Projects with their credits, newest first" density="relaxed">
      <THead>
        <TR>
          <TH>Project</TH>
          <TH>Plan</TH>
          <TH align="end">Available</TH>
          <TH align="end">Held</TH>
          <TH>Runs out next</TH>
          <ActionsTH />
        </TR>
      </THead>
      <TBody>
        {rows.map(({ project, available_micros, held_micros, next_expiry }) => (
          <TR key={project.id}>
            <TD stackAs="title" className="font-medium">
              {project.name}
            </TD>
            <TD label="Plan">
              <Badge>{planWords(project.plan)}</Badge>
            </TD>
            <TD label="Available" align="end" className="font-medium">
              {formatCredits(available_micros)}
            </TD>
            <TD label="Held" align="end">
              {formatCredits(held_micros)}
            </TD>
            <TD label="Runs out next" className="whitespace-normal">
              {next_expiry === null ? (
                <span className="text-ink-muted">Nothing</span>
              ) : (
                `${formatCredits(next_expiry.amount_micros)} on ${formatUtc(Date.parse(next_expiry.expires_at)).slice(0, 10)}`
              )}
            </TD>
            <TD stackAs="full" align="end">
              <span className="inline-flex gap-2">
                <AdminGrantsDialog project={project} />
                <GrantDialog project={project} />
              </span>
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}
