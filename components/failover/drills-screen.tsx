"use client";
import { Siren } from "lucide-react";
import Link from "next/link";
import { formatCredits } from "@/components/reservations/money-words";
import { PagedList } from "@/components/shell/paged-list";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { RowLink, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { useListDrillsInfiniteQuery } from "@/store/failovers-api";
import { ComputeHeader } from "./compute-header";
import { DrillState } from "./drill-state";
import { COMPUTE, drillHref } from "./links";
import { gapWords } from "./words";

const POLL_MS = 5_000;

/** Failures that were made on purpose, and whether the guarantee held. */
export function DrillsScreen() {
  const query = useListDrillsInfiniteQuery(undefined, { pollingInterval: POLL_MS, skipPollingIfUnfocused: true });
  return (
    <>
      <ComputeHeader />
      <Card>
        <CardHeader
          title="Drills"
          description="A node of a simulated pool fails, and what follows is what would follow in earnest."
          actions={
            <Button asChild size="sm">
              <Link href={COMPUTE}>Choose a pool</Link>
            </Button>
          }
        />
        <PagedList
          query={query}
          noun={["drill", "drills"]}
          loading="Loading the drills"
          loadingRows={3}
          empty={
            <EmptyState icon={<Siren />} title="No drill yet">
              Begin one beside a pool whose machines are simulated.
            </EmptyState>
          }
        >
          {(rows) => (
            <Table label="Drills" density="relaxed">
              <THead>
                <TR>
                  <TH>Node</TH>
                  <TH>Outcome</TH>
                  <TH align="end">Failovers</TH>
                  <TH align="end">Longest gap</TH>
                  <TH align="end">Credited</TH>
                  <TH>Begun</TH>
                </TR>
              </THead>
              <TBody>
                {rows.map((drill) => (
                  <TR key={drill.id} interactive>
                    <TD stackAs="title">
                      <RowLink href={drillHref(drill.id)}>
                        {drill.node.name} <span className="text-ink-muted">of {drill.pool.name}</span>
                      </RowLink>
                    </TD>
                    <TD label="Outcome">
                      <DrillState drill={drill} />
                    </TD>
                    <TD label="Failovers" align="end">
                      {drill.report.healed.length}
                    </TD>
                    <TD label="Longest gap" align="end">
                      {gapWords(drill.report.longest_gap_seconds)}
                    </TD>
                    <TD label="Credited" align="end">
                      {formatCredits(drill.report.sla_micros)}
                    </TD>
                    <TD label="Begun">
                      <RelativeTime value={drill.started_at} />
                    </TD>
                  </TR>
                ))}
              </TBody>
            </Table>
          )}
        </PagedList>
      </Card>
    </>
  );
}
