"use client";
import { Wrench } from "lucide-react";
import { useState } from "react";
import { LoadError } from "@/components/accounts/load-error";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LoadMore } from "@/components/ui/load-more";
import { Segmented } from "@/components/ui/segmented";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { PoolDetail } from "@/lib/contracts/fleet";
import { describeError } from "@/store/api-error";
import { useListMaintenanceInfiniteQuery } from "@/store/fleet-api";
import { MaintenanceTable } from "./maintenance-table";

type MaintenanceCardProps = {
  /** null: of all pools. */
  poolId: string | null;
  pool?: PoolDetail;
};

/** Earlier than anything. */
const EVER = "1970-01-01T00:00:00Z";

/** When GPUs are worked on: what is planned and under way, or all there ever was. */
export function MaintenanceCard({ poolId, pool }: MaintenanceCardProps) {
  const [shown, setShown] = useState<"open" | "all">("open");
  const query = useListMaintenanceInfiniteQuery({ poolId, ...(shown === "all" && { from: EVER }) });
  const rows = query.currentData?.pages.flatMap((page) => page.data);
  return (
    <Card>
      <CardHeader
        title="Maintenance"
        description="GPUs that are worked on cannot be booked for that time."
        actions={
          <Segmented
            label="Which maintenance"
            value={shown}
            options={[
              { value: "open", label: "Planned" },
              { value: "all", label: "All" },
            ]}
            onValueChange={setShown}
          />
        }
      />
      {rows ? (
        rows.length === 0 ? (
          <EmptyState icon={<Wrench />} title={shown === "open" ? "Nothing is planned" : "There was never any"}>
            {pool ? "Plan it with the button at the top." : "Plan it on the page of a pool."}
          </EmptyState>
        ) : (
          <>
            <MaintenanceTable rows={rows} withPool={poolId === null} />
            {query.hasNextPage ? (
              <LoadMore
                shown={rows.length}
                noun="maintenances"
                hasMore
                loading={query.isFetchingNextPage}
                onLoadMore={() => void query.fetchNextPage()}
                error={query.isFetchNextPageError ? describeError(query.error).detail : undefined}
              />
            ) : null}
          </>
        )
      ) : query.error ? (
        <LoadError error={query.error} onRetry={query.refetch} retrying={query.isFetching} />
      ) : (
        <SkeletonRows rows={3} label="Loading the maintenance" />
      )}
    </Card>
  );
}
