"use client";
import { ServerOff } from "lucide-react";
import { LoadError } from "@/components/shell/load-error";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { SkeletonRows } from "@/components/ui/skeleton";
import { StatusBadge } from "@/components/ui/status-badge";
import { Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import type { AdminStatus } from "@/lib/contracts/admin";
import { useStatus } from "./use-status";

/** The processes that deliver, and whether they still do. */
export function WorkersCard() {
  const { data, error, isFetching, refetch } = useStatus();
  const alive = data?.workers.filter((worker) => worker.alive).length ?? 0;
  return (
    <Card>
      <CardHeader
        title="Workers"
        description={data ? `${alive === 1 ? "1 worker" : `${alive} workers`} alive.` : "The processes that deliver."}
      />
      {data ? (
        data.workers.length === 0 ? (
          <EmptyState icon={<ServerOff />} title="No worker runs" className="py-8">
            Nothing is delivered until one does: start it with “npm run worker”.
          </EmptyState>
        ) : (
          <Workers workers={data.workers} />
        )
      ) : error ? (
        <LoadError error={error} onRetry={refetch} retrying={isFetching} />
      ) : (
        <SkeletonRows rows={3} label="Loading the workers" />
      )}
    </Card>
  );
}

function Workers({ workers }: Pick<AdminStatus, "workers">) {
  return (
    <Table label="Workers">
      <THead>
        <TR>
          <TH>Machine</TH>
          <TH align="end">Process</TH>
          <TH>Started</TH>
          <TH>Last heard of</TH>
          <TH>State</TH>
        </TR>
      </THead>
      <TBody>
        {workers.map((worker) => (
          <TR key={worker.id}>
            <TD stackAs="title" mono className="md:max-w-48">
              <span className="block truncate" title={worker.host}>
                {worker.host}
              </span>
            </TD>
            <TD label="Process" align="end" mono>
              {worker.pid}
            </TD>
            <TD label="Started">
              <RelativeTime value={worker.started_at} />
            </TD>
            <TD label="Last heard of">
              <RelativeTime value={worker.beat_at} />
            </TD>
            <TD stackAs="corner">
              {worker.alive && worker.trouble !== null ? (
                <>
                  <StatusBadge tone="caution">Cannot send</StatusBadge>
                  <span className="block text-ink-muted text-xs md:max-w-80">{worker.trouble}</span>
                </>
              ) : worker.alive ? (
                <StatusBadge tone="positive">Alive</StatusBadge>
              ) : (
                <StatusBadge tone="off" className="text-ink-muted">
                  Gone
                </StatusBadge>
              )}
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}
