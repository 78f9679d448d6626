"use client";
import { Dialog, DialogBody } from "@/components/ui/dialog";
import type { Reservation } from "@/lib/contracts/reservations";

/** What the form starts with; the rest is as its fields have it by default. Times are ISO 8601. */
export type BookingDraft = {
  poolId?: string | undefined;
  gpuCount?: number | undefined;
  startsAt?: string | undefined;
  endsAt?: string | undefined;
};

export type BookingDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  draft?: BookingDraft | undefined;
  /** The IANA zone in which times are entered and shown; the one that the reader chose for the console unless given. */
  zone?: string | undefined;
  /** Called with what was booked or held; the dialog then goes on by itself. */
  onBooked?: ((reservation: Reservation) => void) | undefined;
};

/** Books GPUs: at a time that is known, or in a slot that it finds. */
export function BookingDialog({ open, onOpenChange }: BookingDialogProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} size="xl" title="Book GPUs" description="Guaranteed and prepaid.">
      <DialogBody />
    </Dialog>
  );
}
