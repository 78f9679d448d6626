"use client";
import { ShieldCheck } from "lucide-react";
import { PagedList } from "@/components/shell/paged-list";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { useListAdminFailoversInfiniteQuery } from "@/store/failovers-api";
import { ComputeHeader } from "./compute-header";
import { FailoverTable } from "./failover-table";

const POLL_MS = 5_000;

/** What failed under bookings of all projects, and what became of it. */
export function FailoversScreen() {
  const query = useListAdminFailoversInfiniteQuery(undefined, {
    pollingInterval: POLL_MS,
    skipPollingIfUnfocused: true,
  });
  return (
    <>
      <ComputeHeader />
      <Card>
        <CardHeader
          title="Failovers"
          description="GPUs that failed under bookings that had begun. Each is dealt with once, told once and credited once."
        />
        <PagedList
          query={query}
          noun={["failover", "failovers"]}
          loading="Loading the failovers"
          loadingRows={4}
          empty={
            <EmptyState icon={<ShieldCheck />} title="Nothing has failed under a booking yet">
              A drill shows what would happen.
            </EmptyState>
          }
        >
          {(rows) => <FailoverTable rows={rows} />}
        </PagedList>
      </Card>
    </>
  );
}
