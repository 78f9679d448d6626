"use client";
import { Server, X } from "lucide-react";
import { PagedList } from "@/components/shell/paged-list";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { RelativeTime } from "@/components/ui/relative-time";
import { StatusBadge } from "@/components/ui/status-badge";
import { ActionsTH, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import type { NodeHealth, PoolHealth } from "@/lib/contracts/failovers";
import { useListNodeHealthInfiniteQuery } from "@/store/failovers-api";
import { HealthDialog } from "./health-dialog";

const POLL_MS = 5_000;

/** The nodes of a pool: what works, what is on them, and the word of an admin on either. */
export function NodesCard({ pool, onClose }: { pool: PoolHealth; onClose: () => void }) {
  const query = useListNodeHealthInfiniteQuery(
    { poolId: pool.id },
    { pollingInterval: POLL_MS, skipPollingIfUnfocused: true },
  );
  return (
    <Card>
      <CardHeader
        title={`Nodes of ${pool.name}`}
        description="Bookings on a node that is marked as failed go elsewhere within seconds."
        actions={
          <Button size="sm" onClick={onClose}>
            <X aria-hidden="true" />
            Close
          </Button>
        }
      />
      <PagedList
        query={query}
        noun={["node", "nodes"]}
        loading="Loading the nodes"
        loadingRows={3}
        empty={<EmptyState icon={<Server />} title="The pool has no nodes" />}
      >
        {(rows) => (
          <Table label={`Nodes of ${pool.name}`} density="relaxed">
            <THead>
              <TR>
                <TH>Node</TH>
                <TH>Health</TH>
                <TH align="end">GPUs</TH>
                <TH align="end">Booked now</TH>
                <TH align="end">Instances</TH>
                <ActionsTH />
              </TR>
            </THead>
            <TBody>
              {rows.map((node) => (
                <NodeRow key={node.id} node={node} />
              ))}
            </TBody>
          </Table>
        )}
      </PagedList>
    </Card>
  );
}

function NodeRow({ node }: { node: NodeHealth }) {
  return (
    <TR>
      <TD stackAs="title" mono>
        {node.name}
      </TD>
      <TD label="Health" className="md:max-w-80">
        {node.failed === 0 ? (
          <StatusBadge tone="positive">Healthy</StatusBadge>
        ) : (
          <>
            <StatusBadge tone="danger">
              {node.failed === node.gpu_count ? "Failed" : `${node.failed} GPUs failed`}
            </StatusBadge>
            <span className="block truncate text-ink-muted text-xs max-md:whitespace-normal">
              {node.cause}
              {node.since === null ? null : (
                <>
                  , <RelativeTime value={node.since} />
                </>
              )}
            </span>
          </>
        )}
      </TD>
      <TD label="GPUs" align="end">
        {node.gpu_count}
      </TD>
      <TD label="Booked now" align="end">
        {node.booked}
      </TD>
      <TD label="Instances" align="end">
        {node.running}
      </TD>
      <TD stackAs="full" align="end">
        <HealthDialog node={node} />
      </TD>
    </TR>
  );
}
