"use client";
import { Plus } from "lucide-react";
import { LoadError } from "@/components/shell/load-error";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { formatNumber } from "@/components/ui/format";
import { SkeletonRows } from "@/components/ui/skeleton";
import { useListGpuTypesQuery, useListPoolsQuery } from "@/store/reservations-api";
import { FleetHeader } from "./fleet-tabs";
import { GpuTypesCard } from "./gpu-types-card";
import { PoolDialog } from "./pool-dialog";
import { PoolTable } from "./pool-table";
import { countWords } from "./words";

/** All pools and GPU types. */
export function FleetScreen() {
  const pools = useListPoolsQuery();
  const types = useListGpuTypesQuery();
  const data = pools.data?.data;
  const add = (
    <PoolDialog
      trigger={
        <Button variant="primary" disabled={types.data === undefined}>
          <Plus aria-hidden="true" />
          Add pool
        </Button>
      }
      types={types.data?.data ?? []}
    />
  );
  const gpus = data?.reduce((sum, pool) => sum + pool.unit_count, 0) ?? 0;
  return (
    <>
      <FleetHeader actions={add} />
      <Card>
        <CardHeader
          title="Pools"
          description={
            data === undefined
              ? "Interchangeable GPUs of one type in one place."
              : `${countWords(data.length, "pool")} with ${formatNumber(gpus)} ${gpus === 1 ? "GPU" : "GPUs"}.`
          }
        />
        {data ? (
          data.length === 0 ? (
            <EmptyState title="No pools yet">
              {types.data?.data.length === 0
                ? "Add a GPU type below first, then a pool of it with its nodes."
                : "Add a pool with its nodes: from then on its GPUs can be booked."}
            </EmptyState>
          ) : (
            <PoolTable pools={data} />
          )
        ) : pools.error ? (
          <LoadError error={pools.error} onRetry={pools.refetch} retrying={pools.isFetching} />
        ) : (
          <SkeletonRows rows={5} label="Loading the pools" />
        )}
      </Card>
      <GpuTypesCard pools={data ?? []} />
    </>
  );
}
