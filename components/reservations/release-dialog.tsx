"use client";
import { Dialog, DialogBody } from "@/components/ui/dialog";
import type { Reservation } from "@/lib/contracts/reservations";

export type ReleaseDialogProps = {
  reservation: Reservation;
  /** What to begin with: marked on the gantt. */
  part?: { startsAt: string; endsAt: string; gpuCount: number } | undefined;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The IANA zone in which times are entered and shown; the one that the reader chose for the console unless given. */
  zone?: string | undefined;
};

/** Gives back some GPUs of a reservation for some of its time. */
export function ReleaseDialog({ open, onOpenChange }: ReleaseDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="lg"
      title="Release a part"
      description="Give back some GPUs, some of the time, or both."
    >
      <DialogBody />
    </Dialog>
  );
}
