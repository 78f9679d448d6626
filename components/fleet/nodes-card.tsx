"use client";
import { PagedList } from "@/components/shell/paged-list";
import { Button } from "@/components/ui/button";
import { Card, CardBody, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import type { PoolDetail } from "@/lib/contracts/fleet";
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
  return (
    <Card>
      <CardHeader title="Nodes" description="What each GPU holds now. Press one for more." />
      <PagedList
        query={query}
        noun={["node", "nodes"]}
        total={pool.node_count}
        loading="Loading the nodes"
        loadingRows={4}
        empty={
          <EmptyState
            title="No nodes yet"
            actions={<AddNodesDialog poolId={pool.id} trigger={<Button variant="primary">Add nodes</Button>} />}
          >
            Nothing can be booked here until there are GPUs.
          </EmptyState>
        }
      >
        {(nodes) => (
          <>
            <CardBody className="border-line border-b py-2.5">
              <UnitLegend />
            </CardBody>
            <ul aria-label="Nodes" className="divide-y divide-line">
              {nodes.map((node) => (
                <NodeRow key={node.id} pool={pool} node={node} />
              ))}
            </ul>
          </>
        )}
      </PagedList>
    </Card>
  );
}
