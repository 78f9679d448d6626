"use client";
import { useState } from "react";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { Dialog, DialogBody } from "@/components/ui/dialog";
import { SkeletonRows } from "@/components/ui/skeleton";
import type { Reservation } from "@/lib/contracts/reservations";
import { useGetReservationQuery } from "@/store/reservations-api";
import { ChangeForm } from "./change-form";
import { useBookingWorld } from "./use-booking-world";
import { useReaderZone } from "./use-reader-zone";

/** What is to be different; what is left out stays as it is. Times are ISO 8601. */
export type ReservationChangeDraft = {
  startsAt?: string | undefined;
  endsAt?: string | undefined;
  gpuCount?: number | undefined;
  poolId?: string | undefined;
};

/** What the dialog needs to begin: an id. The rest is read from the API. */
export type ChangedReservation = Pick<Reservation, "id"> & Partial<Pick<Reservation, "version">>;

export type ChangeDialogProps = {
  /** A bar of the calendar is enough: whatever is missing is read. */
  reservation: ChangedReservation;
  change?: ReservationChangeDraft | undefined;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The IANA zone in which times are entered and shown; the one that the reader chose for the console unless given. */
  zone?: string | undefined;
};

/** Moves, extends, shrinks or edits a reservation, with what that costs or gives back before it is done. */
export function ChangeDialog({ open, onOpenChange, ...props }: ChangeDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="xl"
      fillsPhone
      title="Change reservation"
      description="What it costs or gives back is shown before anything happens."
    >
      <Content {...props} onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}

type ContentProps = Omit<ChangeDialogProps, "open" | "onOpenChange"> & { onClose: () => void };

/** Mounted anew each time the dialog opens. */
function Content({ reservation: { id }, change = {}, zone: given, onClose }: ContentProps) {
  const { project } = useProject();
  const zone = useReaderZone(given);
  const { world, error: worldError, retry } = useBookingWorld();
  const query = useGetReservationQuery({ projectId: project.id, reservationId: id });
  /** The state that the form was made from; another one is loaded only when the reader asks for it. */
  const [base, setBase] = useState<{ reservation: Reservation; change: ReservationChangeDraft } | null>(null);
  const current = query.currentData;
  if (base === null && current !== undefined && !query.isFetching) setBase({ reservation: current, change });

  if (base !== null && world !== null && current !== undefined) {
    return (
      <ChangeForm
        key={base.reservation.version}
        projectId={project.id}
        world={world}
        base={base.reservation}
        current={current}
        change={base.change}
        zone={zone}
        isReloading={query.isFetching}
        onReload={async () => {
          const { data } = await query.refetch();
          // With what the reader wanted to change, on top of the new state.
          if (data !== undefined) setBase({ reservation: data, change });
        }}
        onClose={onClose}
      />
    );
  }
  const error = query.error ?? worldError;
  if (error === undefined || query.isFetching) {
    return (
      <DialogBody>
        <SkeletonRows label="Loading the reservation" rows={5} />
      </DialogBody>
    );
  }
  return (
    <DialogBody>
      <LoadError
        error={error}
        onRetry={() => {
          retry?.();
          void query.refetch();
        }}
      />
    </DialogBody>
  );
}
