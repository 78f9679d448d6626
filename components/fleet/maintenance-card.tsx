"use client";
import { Wrench } from "lucide-react";
import { useState } from "react";
import { PagedList } from "@/components/shell/paged-list";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { Segmented } from "@/components/ui/segmented";
import type { PoolDetail } from "@/lib/contracts/fleet";
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
      <PagedList
        query={query}
        noun={["maintenance", "maintenances"]}
        loading="Loading the maintenance"
        loadingRows={3}
        empty={
          <EmptyState icon={<Wrench />} title={shown === "open" ? "Nothing is planned" : "There was never any"}>
            {pool ? "Plan it with the button at the top." : "Plan it on the page of a pool."}
          </EmptyState>
        }
      >
        {(rows) => <MaintenanceTable rows={rows} withPool={poolId === null} />}
      </PagedList>
    </Card>
  );
}
