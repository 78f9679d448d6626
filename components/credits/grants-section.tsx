"use client";
import { Wallet } from "lucide-react";
import { parseAsStringLiteral, useQueryState } from "nuqs";
import { Card, Section } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LoadMore } from "@/components/ui/load-more";
import { Segmented } from "@/components/ui/segmented";
import { SkeletonRows } from "@/components/ui/skeleton";
import { describeError } from "@/store/api-error";
import { useListGrantsInfiniteQuery } from "@/store/credits-api";
import { GrantTable } from "./grant-table";
import { LoadFailed } from "./load-failed";

const STATES = ["open", "all"] as const;

/** The grants that the balance is made of. */
export function GrantsSection({ projectId }: { projectId: string }) {
  const [state, setState] = useQueryState("grants", parseAsStringLiteral(STATES).withDefault("open"));
  const query = useListGrantsInfiniteQuery({ projectId, state });
  const grants = query.currentData?.pages.flatMap((page) => page.data) ?? [];
  return (
    <Section
      title="Grants"
      description="Bookings take from the lowest priority number first, then from what runs out first, then from what was given rather than paid for."
      actions={
        <Segmented
          label="Which grants"
          options={[
            { value: "open", label: "With something left" },
            { value: "all", label: "All" },
          ]}
          value={state}
          onValueChange={(value) => void setState(STATES.find((known) => known === value) ?? "open")}
        />
      }
    >
      <Card>
        {grants.length > 0 ? (
          <>
            <GrantTable grants={grants} />
            <LoadMore
              shown={grants.length}
              noun={grants.length === 1 ? "grant" : "grants"}
              hasMore={query.hasNextPage}
              loading={query.isFetchingNextPage}
              onLoadMore={() => void query.fetchNextPage()}
              error={query.isError ? describeError(query.error).detail : undefined}
            />
          </>
        ) : query.isError ? (
          <LoadFailed error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
        ) : query.currentData === undefined ? (
          <SkeletonRows label="Loading grants" />
        ) : (
          <EmptyState icon={<Wallet />} title={state === "open" ? "No grant has anything left" : "No grants yet"}>
            Whoever runs the installation grants credits to projects.
          </EmptyState>
        )}
      </Card>
    </Section>
  );
}
