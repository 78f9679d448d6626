"use client";
import { Cpu } from "lucide-react";
import Link from "next/link";
import { parseAsString, useQueryState } from "nuqs";
import { poolHref } from "@/components/fleet/links";
import { PagedList } from "@/components/shell/paged-list";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { StatusBadge } from "@/components/ui/status-badge";
import { ActionsTH, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import type { PoolHealth } from "@/lib/contracts/failovers";
import { useListPoolHealthInfiniteQuery } from "@/store/failovers-api";
import { ComputeHeader } from "./compute-header";
import { DrillDialog } from "./drill-dialog";
import { drillHref } from "./links";
import { NodesCard } from "./nodes-card";

const POLL_MS = 5_000;

/** What works and what has failed: the pools, and the nodes of one of them. */
export function HealthScreen() {
  const [poolId, setPoolId] = useQueryState("pool", parseAsString);
  const query = useListPoolHealthInfiniteQuery(undefined, { pollingInterval: POLL_MS, skipPollingIfUnfocused: true });
  const pools = query.data?.pages.flatMap(({ data }) => data) ?? [];
  const chosen = pools.find(({ id }) => id === poolId);
  return (
    <>
      <ComputeHeader />
      <Card>
        <CardHeader
          title="Pools"
          description="GPUs that are out of order are sold to nobody. The failover reserve is for bookings whose GPUs fail."
        />
        <PagedList
          query={query}
          noun={["pool", "pools"]}
          loading="Loading the pools"
          loadingRows={4}
          empty={
            <EmptyState icon={<Cpu />} title="There are no pools yet">
              Add one under Fleet.
            </EmptyState>
          }
        >
          {(rows) => <PoolTable rows={rows} onChoose={(id) => void setPoolId(id)} chosen={poolId} />}
        </PagedList>
      </Card>
      {chosen ? <NodesCard key={chosen.id} pool={chosen} onClose={() => void setPoolId(null)} /> : null}
    </>
  );
}

type PoolTableProps = { rows: readonly PoolHealth[]; chosen: string | null; onChoose: (poolId: string) => void };

function PoolTable({ rows, chosen, onChoose }: PoolTableProps) {
  return (
    <Table label="Health of the pools" density="relaxed">
      <THead>
        <TR>
          <TH>Pool</TH>
          <TH>Health</TH>
          <TH align="end">GPUs</TH>
          <TH align="end">Reserve free</TH>
          <TH align="end">Running</TH>
          <TH>Machines</TH>
          <ActionsTH />
        </TR>
      </THead>
      <TBody>
        {rows.map((pool) => (
          <TR key={pool.id} selected={pool.id === chosen}>
            <TD stackAs="title">
              <Link href={poolHref(pool.id)} className="text-accent-ink hover:underline">
                {pool.name}
              </Link>
              <span className="block font-normal text-ink-muted text-xs">{pool.gpu_type}</span>
            </TD>
            <TD label="Health">
              <PoolState pool={pool} />
            </TD>
            <TD label="GPUs" align="end">
              {pool.units} on {pool.nodes}
            </TD>
            <TD label="Reserve free" align="end">
              {pool.reserve_units === 0 ? "None kept" : `${pool.reserve_free} of ${pool.reserve_units}`}
            </TD>
            <TD label="Running" align="end">
              {pool.running}
            </TD>
            <TD label="Machines">{pool.compute_provider}</TD>
            <TD stackAs="full" align="end">
              <span className="inline-flex gap-1">
                <Button size="sm" aria-label={`Nodes of ${pool.name}`} onClick={() => onChoose(pool.id)}>
                  Nodes
                </Button>
                {pool.compute_provider === "simulated" && pool.drill_id === null ? <DrillDialog pool={pool} /> : null}
              </span>
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}

function PoolState({ pool }: { pool: PoolHealth }) {
  if (pool.drill_id !== null) {
    return (
      <Link href={drillHref(pool.drill_id)} className="hover:underline">
        <StatusBadge tone="progress">Drill</StatusBadge>
      </Link>
    );
  }
  if (pool.failed_units === 0) return <StatusBadge tone="positive">All well</StatusBadge>;
  return <StatusBadge tone="danger">{pool.failed_units} out of order</StatusBadge>;
}
