"use client";
import { useState } from "react";
import { FormError } from "@/components/accounts/form-alert";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogBody, DialogClose, DialogFooter } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { SkeletonRows } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toast";
import { GuardedButton } from "@/components/webhooks/guarded";
import { refundRate } from "@/lib/contracts/pricing";
import type { Reservation } from "@/lib/contracts/reservations";
import { type ApiError, isApiError } from "@/store/api-error";
import { useCancelReservationMutation, useGetBookingPolicyQuery } from "@/store/reservations-api";
import { creditsWords } from "./money-words";
import { RefundCurve } from "./refund-curve";
import { SettlementView } from "./settlement-view";
import { useCancelPreview } from "./use-preview";
import { useReaderZone } from "./use-reader-zone";
import { nameOf, writeBlock } from "./words";

export type CancelDialogProps = {
  reservation: Reservation;
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** The IANA zone in which times are shown; the one that the reader chose for the console unless given. */
  zone?: string | undefined;
};

/** Cancels a reservation after showing what comes back to which grant, now and later. */
export function CancelDialog({ open, onOpenChange, reservation, zone }: CancelDialogProps) {
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      size="md"
      fillsPhone
      title={reservation.status === "active" ? "End this reservation now?" : "Cancel this reservation?"}
      description={`${nameOf(reservation)}: its GPUs are free for others at once. This cannot be undone.`}
    >
      <Content reservation={reservation} zone={zone} onClose={() => onOpenChange(false)} />
    </Dialog>
  );
}

type ContentProps = Pick<CancelDialogProps, "reservation" | "zone"> & { onClose: () => void };

/** Mounted anew each time the dialog opens, so that the preview is of now. */
function Content({ reservation, zone: given, onClose }: ContentProps) {
  const { project, can } = useProject();
  const zone = useReaderZone(given);
  const blocked = writeBlock(can);
  const one = { projectId: project.id, reservationId: reservation.id };
  const live = useCancelPreview(one, {});
  const [cancel, cancelling] = useCancelReservationMutation();
  const [reason, setReason] = useState("");
  const [refusal, setRefusal] = useState<{ attempt: number; error: ApiError | undefined } | null>(null);
  const back = live.preview?.settlement.refund_micros;

  const onCancel = async () => {
    if (blocked !== undefined) return;
    setRefusal(null);
    const { data, error } = await cancel({ ...one, body: reason.trim() === "" ? {} : { reason: reason.trim() } });
    if (data === undefined) {
      setRefusal((last) => ({ attempt: (last?.attempt ?? 0) + 1, error: isApiError(error) ? error : undefined }));
      live.again();
      return;
    }
    toast.success(`Cancelled: ${nameOf(reservation)}`, {
      description: `${creditsWords(data.settlement.refund_micros)} came back.`,
    });
    onClose();
  };
  return (
    <>
      <DialogBody>
        {refusal === null ? null : <FormError key={refusal.attempt} error={refusal.error} />}
        {live.hasFailed ? (
          <Alert
            tone="danger"
            live
            title="What comes back could not be worked out"
            actions={<Button onClick={live.again}>Try again</Button>}
          >
            {live.error?.problem?.detail ?? "Check your connection; nothing has been cancelled."}
          </Alert>
        ) : live.preview === undefined ? (
          <SkeletonRows label="Working out what comes back" rows={4} />
        ) : (
          <section aria-label="If you cancel now" className="rounded-lg border border-line bg-surface-sunken p-4">
            <h3 className="mb-2 font-medium text-ink text-sm">If you cancel now</h3>
            <SettlementView settlement={live.preview.settlement} />
          </section>
        )}
        {live.preview === undefined || reservation.status === "held" ? null : (
          <Later reservation={reservation} refundBps={live.preview.settlement.refund_bps} zone={zone} />
        )}
        <Field label="Reason" hint="Kept in the history, for your project only." optional>
          <Input
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            autoComplete="off"
            maxLength={500}
          />
        </Field>
      </DialogBody>
      <DialogFooter>
        <DialogClose>
          <Button>Keep it</Button>
        </DialogClose>
        <GuardedButton
          variant="danger"
          blocked={blocked}
          disabled={live.preview === undefined}
          loading={cancelling.isLoading}
          onClick={onCancel}
        >
          {back === undefined ? "Cancel it" : `Cancel it, ${creditsWords(back)} come back`}
        </GuardedButton>
      </DialogFooter>
    </>
  );
}

type LaterProps = { reservation: Reservation; refundBps: number | null; zone: string };

function Later({ reservation, refundBps, zone }: LaterProps) {
  const { data: policy } = useGetBookingPolicyQuery();
  const [now] = useState(() => Date.now());
  if (policy === undefined) return null;
  const startsAt = Date.parse(reservation.starts_at);
  const byLadder = refundRate(policy, startsAt - now);
  // A rate below the ladder's is the cap of a booking that was moved; later rates fall, so they are never capped above.
  const capBps = refundBps !== null && refundBps < byLadder ? refundBps : 10_000;
  const plan = { price: reservation.price, startsAt, endsAt: Date.parse(reservation.ends_at), policy, capBps };
  return <RefundCurve plan={plan} now={now} zone={zone} />;
}
