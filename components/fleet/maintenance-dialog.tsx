"use client";
import { type ReactNode, useState } from "react";
import { Dialog } from "@/components/ui/dialog";
import { toast } from "@/components/ui/toast";
import type { PoolDetail } from "@/lib/contracts/fleet";
import type { Maintenance } from "@/lib/contracts/maintenance";
import {
  type NewMaintenance,
  useCreateMaintenanceMutation,
  useLazyPreviewCreateMaintenanceQuery,
  useLazyPreviewUpdateMaintenanceQuery,
  useUpdateMaintenanceMutation,
} from "@/store/fleet-api";
import { MaintenanceForm } from "./maintenance-form";
import { movedWords } from "./words";

type Openable = { trigger: ReactNode } | { open: boolean; onOpenChange: (open: boolean) => void };
type MaintenanceDialogProps = Openable & {
  pool: PoolDetail;
  /** Chosen at first; the whole pool unless told. */
  nodeIds?: readonly string[];
};

/** Plans maintenance: first what that would do, then the confirmation. */
export function MaintenanceDialog({ pool, nodeIds, ...openable }: MaintenanceDialogProps) {
  const [state, setOpen] = useOpenable(openable);
  return (
    <Dialog
      {...state}
      title={`Plan maintenance of ${pool.name}`}
      description="Bookings that have not begun move to other GPUs of the pool. When one cannot, nothing is planned."
    >
      <Create pool={pool} nodeIds={nodeIds} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

type ChangeProps = Openable & { maintenance: Maintenance };

/** Moves, extends or shortens maintenance. */
export function ChangeMaintenanceDialog({ maintenance, ...openable }: ChangeProps) {
  const [state, setOpen] = useOpenable(openable);
  return (
    <Dialog
      {...state}
      title="Change maintenance"
      description={`Of ${maintenance.pool.name}. It keeps its GPUs; another choice is another maintenance.`}
    >
      <Change maintenance={maintenance} onDone={() => setOpen(false)} />
    </Dialog>
  );
}

function Create({
  pool,
  nodeIds,
  onDone,
}: {
  pool: PoolDetail;
  nodeIds: readonly string[] | undefined;
  onDone: () => void;
}) {
  const [preview] = useLazyPreviewCreateMaintenanceQuery();
  const [create] = useCreateMaintenanceMutation();
  return (
    <MaintenanceForm
      nodes={pool.nodes}
      reserve={pool.reserve_units}
      initial={{ nodeIds: nodeIds ?? null }}
      check={async (body) => {
        const { data, error } = await preview({ poolId: pool.id, body });
        return { data, error };
      }}
      commit={async (body) => {
        const { data, error } = await create({ poolId: pool.id, body });
        if (data) {
          toast.success("Maintenance is planned", { description: movedWords(data.moved) });
          onDone();
        }
        return { data, error };
      }}
      commitLabel="Plan maintenance"
    />
  );
}

function Change({ maintenance, onDone }: { maintenance: Maintenance; onDone: () => void }) {
  const [preview] = useLazyPreviewUpdateMaintenanceQuery();
  const [update] = useUpdateMaintenanceMutation();
  const ids = { poolId: maintenance.pool.id, maintenanceId: maintenance.id };
  // A start that has passed is not sent: it stays.
  const begun = maintenance.state === "under_way";
  const changeOf = ({ starts_at, ends_at, reason }: NewMaintenance) => ({
    ends_at,
    reason,
    ...(!begun && starts_at !== undefined && { starts_at }),
  });
  return (
    <MaintenanceForm
      initial={{ startsAt: maintenance.starts_at, endsAt: maintenance.ends_at, reason: maintenance.reason }}
      startFixed={begun}
      check={async (body) => {
        const { data, error } = await preview({ ...ids, body: changeOf(body) });
        return { data, error };
      }}
      commit={async (body) => {
        const { data, error } = await update({ ...ids, body: changeOf(body) });
        if (data) {
          toast.success("The maintenance was changed", { description: movedWords(data.moved) });
          onDone();
        }
        return { data, error };
      }}
      commitLabel="Save"
    />
  );
}

function useOpenable(openable: Openable) {
  const [own, setOwn] = useState(false);
  const setOpen = "trigger" in openable ? setOwn : openable.onOpenChange;
  const state =
    "trigger" in openable
      ? { trigger: openable.trigger, open: own, onOpenChange: setOwn }
      : { open: openable.open, onOpenChange: openable.onOpenChange };
  return [state, setOpen] as const;
}
