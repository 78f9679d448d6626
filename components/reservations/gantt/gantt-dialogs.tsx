"use client";
import { useProject } from "@/components/shell/project-context";
import { toast } from "@/components/ui/toast";
import { describeError } from "@/store/api-error";
import { useGetReservationQuery } from "@/store/reservations-api";
import { BookingDialog } from "../booking-dialog";
import { ChangeDialog } from "../change-dialog";
import { ReleaseDialog } from "../release-dialog";
import type { Draft } from "./drag-rules";

/** What is to be asked before anything happens. */
export type Asked =
  | { kind: "book"; poolId: string; draft: Draft | null }
  | { kind: "change"; reservationId: string; version: number | null; draft: Draft | null }
  | { kind: "release"; reservationId: string; draft: Draft | null };

type Props = { asked: Asked | null; zone: string; onClose: () => void };

/** The dialogs that dragging and the bars' cards lead to. */
export function GanttDialogs({ asked, zone, onClose }: Props) {
  if (asked === null) return null;
  const onOpenChange = (open: boolean) => {
    if (!open) onClose();
  };
  if (asked.kind === "release") {
    return <Release key={asked.reservationId} asked={asked} zone={zone} onOpenChange={onOpenChange} />;
  }
  const times = asked.draft === null ? {} : timesOf(asked.draft);
  if (asked.kind === "book") {
    const draft = { poolId: asked.poolId, ...times, ...(asked.draft ? { gpuCount: asked.draft.gpuCount } : {}) };
    return <BookingDialog open onOpenChange={onOpenChange} draft={draft} zone={zone} />;
  }
  const reservation = { id: asked.reservationId, ...(asked.version === null ? {} : { version: asked.version }) };
  return (
    <ChangeDialog
      open
      onOpenChange={onOpenChange}
      reservation={reservation}
      change={{ ...times, ...(asked.draft ? { poolId: asked.draft.poolId } : {}) }}
      zone={zone}
    />
  );
}

type ReleaseProps = {
  asked: Extract<Asked, { kind: "release" }>;
  zone: string;
  onOpenChange: (open: boolean) => void;
};

/** The dialog works on the whole reservation, which is read first. */
function Release({ asked, zone, onOpenChange }: ReleaseProps) {
  const { project } = useProject();
  const { currentData, error } = useGetReservationQuery({ projectId: project.id, reservationId: asked.reservationId });
  if (currentData === undefined) {
    if (error !== undefined)
      toast.error("This booking could not be read", { id: "gantt-release", description: describeError(error).detail });
    return null;
  }
  const part = asked.draft === null ? undefined : { ...timesOf(asked.draft), gpuCount: asked.draft.gpuCount };
  return <ReleaseDialog open onOpenChange={onOpenChange} reservation={currentData} zone={zone} part={part} />;
}

function timesOf({ from, to }: Draft) {
  return { startsAt: new Date(from).toISOString(), endsAt: new Date(to).toISOString() };
}
