"use client";
import { Pencil, Plus, SearchX, Wrench } from "lucide-react";
import Link from "next/link";
import { creditsWords } from "@/components/reservations/money-words";
import { LoadError } from "@/components/shell/load-error";
import { Button } from "@/components/ui/button";
import { Card, CardBody } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Stat, StatList } from "@/components/ui/key-value";
import { PageHeader } from "@/components/ui/page-header";
import { Skeleton } from "@/components/ui/skeleton";
import type { PoolDetail } from "@/lib/contracts/fleet";
import { useGetPoolQuery } from "@/store/reservations-api";
import { AddNodesDialog } from "./add-nodes-dialog";
import { FLEET } from "./links";
import { MaintenanceCard } from "./maintenance-card";
import { MaintenanceDialog } from "./maintenance-dialog";
import { NodesCard } from "./nodes-card";
import { PoolDialog } from "./pool-dialog";
import { PoolMenu } from "./pool-menu";
import { PoolState } from "./pool-table";
import { countWords, minutesWords, PROVIDER_WORDS } from "./words";

/** One pool: its rules, its nodes with what each GPU holds, its maintenance. */
export function PoolScreen({ poolId }: { poolId: string }) {
  const { data: pool, error, isFetching, refetch } = useGetPoolQuery({ poolId });
  if (pool) return <Pool pool={pool} />;
  if (error === undefined) return <PoolSkeleton />;
  if ("problem" in error && error.status === 404) {
    return (
      <>
        <h1 className="sr-only">Pool not found</h1>
        <EmptyState
          icon={<SearchX />}
          title="There is no such pool"
          actions={
            <Button asChild>
              <Link href={FLEET}>All pools</Link>
            </Button>
          }
        >
          It may have been removed.
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <h1 className="sr-only">Pool</h1>
      <LoadError error={error} onRetry={refetch} retrying={isFetching} />
    </>
  );
}

function Pool({ pool }: { pool: PoolDetail }) {
  return (
    <>
      <PageHeader
        title={pool.name}
        badge={<PoolState open={pool.open} />}
        description={`${pool.gpu_type.name}, ${pool.gpu_type.memory_gb} GB · ${pool.region} · ${pool.provider}`}
        breadcrumbs={[{ label: "Fleet", href: FLEET }]}
        actions={
          <>
            <MaintenanceDialog
              pool={pool}
              trigger={
                <Button disabled={pool.unit_count === 0}>
                  <Wrench aria-hidden="true" />
                  Plan maintenance
                </Button>
              }
            />
            <AddNodesDialog
              poolId={pool.id}
              trigger={
                <Button>
                  <Plus aria-hidden="true" />
                  Add nodes
                </Button>
              }
            />
            <PoolDialog
              pool={pool}
              trigger={
                <Button>
                  <Pencil aria-hidden="true" />
                  Change
                </Button>
              }
            />
            <PoolMenu pool={pool} />
          </>
        }
      />
      <Card>
        <CardBody>
          <StatList>
            <Stat label="GPUs" note={`${countWords(pool.node_count, "node")}, ${pool.reserve_units} in reserve`}>
              {pool.unit_count}
            </Stat>
            <Stat label="Price per GPU-hour">{creditsWords(pool.price_micros_per_gpu_hour)}</Stat>
            <Stat label="Bookings" note={`on a grid of ${minutesWords(pool.granularity_minutes)}`}>
              {minutesWords(pool.min_duration_minutes)} – {minutesWords(pool.max_duration_minutes)}
            </Stat>
            <Stat label="Horizon" note={`freeze ${minutesWords(pool.freeze_minutes)}`}>
              {countWords(pool.horizon_days, "day")}
            </Stat>
            <Stat label="Machines" note={pool.provider}>
              {pool.compute_provider === null ? "As installed" : PROVIDER_WORDS[pool.compute_provider]}
            </Stat>
            <Stat label="Set-up and clean-up" note="before and after each booking">
              {minutesWords(pool.buffer_before_minutes)} + {minutesWords(pool.buffer_after_minutes)}
            </Stat>
          </StatList>
        </CardBody>
      </Card>
      <NodesCard pool={pool} />
      <MaintenanceCard poolId={pool.id} pool={pool} />
    </>
  );
}

function PoolSkeleton() {
  return (
    <div role="status" className="flex flex-col gap-6">
      <span className="sr-only">Loading the pool</span>
      <Skeleton className="h-6 w-64 max-w-full" />
      <Skeleton className="h-20 w-full rounded-lg" />
      <Skeleton className="h-64 w-full rounded-lg" />
    </div>
  );
}
