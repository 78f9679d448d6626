"use client";
import { Siren } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import type { PoolHealth } from "@/lib/contracts/failovers";
import { useListNodeHealthInfiniteQuery, useStartDrillMutation } from "@/store/failovers-api";
import { drillHref } from "./links";

const BUSIEST = "busiest";

/** Lets a node of a simulated pool fail, after saying what that does. */
export function DrillDialog({ pool }: { pool: PoolHealth }) {
  const router = useRouter();
  const [start] = useStartDrillMutation();
  const [nodeId, setNodeId] = useState(BUSIEST);
  const confirm = async () => {
    const body = { pool_id: pool.id, ...(nodeId !== BUSIEST && { node_id: nodeId }) };
    const { id } = await start({ body }).unwrap();
    router.push(drillHref(id));
  };
  return (
    <ConfirmDialog
      trigger={
        <Button size="sm" aria-label={`Drill ${pool.name}`}>
          <Siren aria-hidden="true" />
          Drill
        </Button>
      }
      title={`Let a node of ${pool.name} fail?`}
      description="What runs on it ends now and boots elsewhere, as it would in earnest: events are sent and the time is credited. Where there is no room, bookings end with a refund. The node comes back by itself when all is healed."
      confirmLabel="Fail the node"
      onConfirm={confirm}
      describeError={errorWords}
    >
      <NodeField poolId={pool.id} value={nodeId} onChange={setNodeId} />
    </ConfirmDialog>
  );
}

type NodeFieldProps = { poolId: string; value: string; onChange: (nodeId: string) => void };

/** Mounted while the dialog is open. */
function NodeField({ poolId, value, onChange }: NodeFieldProps) {
  const { data } = useListNodeHealthInfiniteQuery({ poolId });
  const nodes = data?.pages.flatMap((page) => page.data).filter(({ failed }) => failed === 0) ?? [];
  const options = [
    { value: BUSIEST, label: "The one with the most GPUs in use" },
    ...nodes.map(({ id, name, booked }) => ({ value: id, label: `${name}, ${booked} in use` })),
  ];
  return (
    <Field label="Node">
      <Select options={options} value={value} onValueChange={onChange} />
    </Field>
  );
}
