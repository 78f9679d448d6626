"use client";
import { LoadError } from "@/components/accounts/load-error";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { LoadMore } from "@/components/ui/load-more";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { PoolDetail } from "@/lib/contracts/fleet";
import { describeError } from "@/store/api-error";
import { useListNodeUnitsInfiniteQuery } from "@/store/fleet-api";
import { AddNodesDialog } from "./add-nodes-dialog";
import { NodeRow } from "./node-row";
import { UnitLegend } from "./unit-cell";

/** How often, in ms, what the GPUs hold is read again: bookings begin and end without anybody changing them. */
const POLL_MS = 60_000;

/** The nodes of a pool, each with its GPUs and what they hold at this moment. */
export function NodesCard({ pool }: { pool: PoolDetail }) {
  const query = useListNodeUnitsInfiniteQuery(
    { poolId: pool.id },
    { pollingInterval: POLL_MS, skipPollingIfUnfocused: true },
  );
  const nodes = query.data?.pages.flatMap((page) => page.data);
  return (
    <Card>
      <CardHeader title="Nodes" description="What each GPU holds now. Press one for more." />
      {nodes ? (
        nodes.length === 0 ? (
          <EmptyState
            title="No nodes yet"
            actions={<AddNodesDialog poolId={pool.id} trigger={<Button variant="primary">Add nodes</Button>} />}
          >
            Nothing can be booked here until there are GPUs.
          </EmptyState>
        ) : (
          <>
            <CardBody className="border-line border-b py-2.5">
              <UnitLegend />
            </CardBody>
            <ul aria-label="Nodes" className="divide-y divide-line">
              {nodes.map((node) => (
                <NodeRow key={node.id} pool={pool} node={node} />
              ))}
            </ul>
            {pool.node_count > nodes.length || query.hasNextPage ? (
              <LoadMore
                shown={nodes.length}
                total={pool.node_count}
                noun="nodes"
                hasMore={query.hasNextPage}
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
        <SkeletonRows rows={4} label="Loading the nodes" />
      )}
    </Card>
  );
}
