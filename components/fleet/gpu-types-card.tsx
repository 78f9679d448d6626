"use client";
import { Pencil, Plus, Trash2 } from "lucide-react";
import { LoadError } from "@/components/shell/load-error";
import { Button } from "@/components/ui/button";
import { Card, CardHeader } from "@/components/ui/card";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { EmptyState } from "@/components/ui/empty-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { ActionsTH, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { toast } from "@/components/ui/toast";
import { GuardedButton } from "@/components/webhooks/guarded";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import type { GpuType, Pool } from "@/lib/contracts/fleet";
import { useDeleteGpuTypeMutation } from "@/store/fleet-api";
import { useListGpuTypesQuery } from "@/store/reservations-api";
import { GpuTypeDialog } from "./gpu-type-dialog";

/** The kinds of GPU that pools are made of. */
export function GpuTypesCard({ pools }: { pools: readonly Pool[] }) {
  const { data, error, isFetching, refetch } = useListGpuTypesQuery();
  return (
    <Card>
      <CardHeader
        title="GPU types"
        description="What pools are made of. A type can be removed while no pool has it."
        actions={
          <GpuTypeDialog
            trigger={
              <Button size="sm">
                <Plus aria-hidden="true" />
                Add GPU type
              </Button>
            }
          />
        }
      />
      {data ? (
        data.data.length === 0 ? (
          <EmptyState title="No GPU types yet">Add one, for example “H100 SXM” with 80 GB.</EmptyState>
        ) : (
          <Table label="GPU types">
            <THead>
              <TR>
                <TH>Type</TH>
                <TH align="end">Memory</TH>
                <TH align="end">Pools</TH>
                <ActionsTH />
              </TR>
            </THead>
            <TBody>
              {data.data.map((type) => (
                <TypeRow
                  key={type.id}
                  type={type}
                  pools={pools.filter((pool) => pool.gpu_type.id === type.id).length}
                />
              ))}
            </TBody>
          </Table>
        )
      ) : error ? (
        <LoadError error={error} onRetry={refetch} retrying={isFetching} />
      ) : (
        <SkeletonRows rows={3} label="Loading the GPU types" />
      )}
    </Card>
  );
}

function TypeRow({ type, pools }: { type: GpuType; pools: number }) {
  const [remove] = useDeleteGpuTypeMutation();
  return (
    <TR>
      <TD stackAs="title">{type.name}</TD>
      <TD label="Memory" align="end" className="tabular-nums">
        {type.memory_gb} GB
      </TD>
      <TD label="Pools" align="end" className="tabular-nums">
        {pools}
      </TD>
      <TD stackAs="full" align="end">
        <span className="inline-flex gap-1">
          <GpuTypeDialog
            type={type}
            trigger={
              <Button size="icon-sm" variant="ghost" aria-label={`Change ${type.name}`}>
                <Pencil aria-hidden="true" />
              </Button>
            }
          />
          <ConfirmDialog
            trigger={
              <GuardedButton
                size="icon-sm"
                variant="ghost"
                aria-label={`Remove ${type.name}`}
                blocked={pools === 0 ? undefined : "It is the type of a pool"}
              >
                <Trash2 aria-hidden="true" />
              </GuardedButton>
            }
            title={`Remove ${type.name}?`}
            description="No pool has it. It can be added again at any time."
            confirmLabel="Remove GPU type"
            onConfirm={async () => {
              await remove({ gpuTypeId: type.id }).unwrap();
              toast.success(`${type.name} was removed`);
            }}
            describeError={errorWords}
          />
        </span>
      </TD>
    </TR>
  );
}
