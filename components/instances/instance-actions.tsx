"use client";
import { Camera, Play, Power } from "lucide-react";
import { useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { toast } from "@/components/ui/toast";
import { GuardedButton } from "@/components/webhooks/guarded";
import { errorWords, showError } from "@/components/webhooks/use-webhook-actions";
import type { InstanceDetail } from "@/lib/contracts/instances";
import {
  useCreateSnapshotMutation,
  useListInstanceSnapshotsInfiniteQuery,
  useStartInstanceMutation,
  useStopInstanceMutation,
} from "@/store/instances-api";
import { useGetReservationQuery } from "@/store/reservations-api";
import { BootAnew } from "./boot-anew";
import { canStart, canStop, isAtRest, snapshotBlock, startBlock, writeBlock } from "./words";

/** What can be done with an instance. */
export function InstanceActions({ instance }: { instance: InstanceDetail }) {
  const { project, can } = useProject();
  const [asking, setAsking] = useState<"stop" | "snapshot" | null>(null);
  const [start, starting] = useStartInstanceMutation();
  const [stop] = useStopInstanceMutation();
  const one = { projectId: project.id, instanceId: instance.id };
  // Of one that holds its GPUs it is no question yet.
  const { currentData: reservation } = useGetReservationQuery(
    { projectId: project.id, reservationId: instance.reservation_id },
    { skip: !isAtRest(instance) || !can("reservations:read") },
  );
  const { currentData: snapshots } = useListInstanceSnapshotsInfiniteQuery(one);
  const isTaken = snapshots?.pages[0]?.data.some(({ status }) => status === "requested" || status === "running");
  const dialog = (name: typeof asking) => ({
    open: asking === name,
    onOpenChange: (open: boolean) => setAsking(open ? name : null),
  });
  const onStart = async () => {
    try {
      await start(one).unwrap();
      toast.success(`${instance.name} is asked to start`);
    } catch (error) {
      showError(`${instance.name} could not be started`, error);
    }
  };
  return (
    <>
      <GuardedButton blocked={snapshotBlock(can, instance, isTaken ?? false)} onClick={() => setAsking("snapshot")}>
        <Camera aria-hidden="true" />
        Take snapshot
      </GuardedButton>
      {canStart(instance) ? (
        <GuardedButton
          variant="primary"
          blocked={startBlock(can, instance)}
          loading={starting.isLoading}
          onClick={() => void onStart()}
        >
          <Play aria-hidden="true" />
          Start
        </GuardedButton>
      ) : null}
      {reservation?.status === "active" ? <BootAnew reservation={reservation} follows /> : null}
      {canStop(instance) ? (
        <GuardedButton blocked={writeBlock(can)} onClick={() => setAsking("stop")}>
          <Power aria-hidden="true" />
          Stop
        </GuardedButton>
      ) : null}
      <ConfirmDialog
        {...dialog("stop")}
        title={`Stop ${instance.name}?`}
        description="It lets go of its GPUs. What is on its disk is lost unless a snapshot was taken. Its reservation goes on, and so does its price; while it does, the instance can be started again."
        confirmLabel="Stop instance"
        onConfirm={async () => {
          await stop(one).unwrap();
          toast.success(`${instance.name} is asked to stop`);
        }}
        describeError={errorWords}
      />
      <SnapshotDialog {...dialog("snapshot")} instance={instance} />
    </>
  );
}

type SnapshotDialogProps = { instance: InstanceDetail; open: boolean; onOpenChange: (open: boolean) => void };

function SnapshotDialog({ instance, ...dialog }: SnapshotDialogProps) {
  const { project } = useProject();
  const [name, setName] = useState("");
  const [create] = useCreateSnapshotMutation();
  return (
    <ConfirmDialog
      {...dialog}
      tone="primary"
      title={`Take a snapshot of ${instance.name}`}
      description="Its disk is stored in the background, with checksums. The instance goes on meanwhile."
      confirmLabel="Take snapshot"
      onConfirm={async () => {
        await create({ projectId: project.id, instanceId: instance.id, body: { name } }).unwrap();
        setName("");
        toast.success("The snapshot is being taken");
      }}
      describeError={errorWords}
    >
      <Field label="Name" hint="For people, such as what is on it." optional>
        <Input value={name} onChange={(event) => setName(event.target.value)} autoComplete="off" maxLength={100} />
      </Field>
    </ConfirmDialog>
  );
}
