"use client";
import { Hourglass } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { FormError } from "@/components/accounts/form-alert";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { DialogBody, DialogFooter } from "@/components/ui/dialog";
import { useNow } from "@/components/ui/use-now";
import type { Reservation } from "@/lib/contracts/reservations";
import { type ApiError, isApiError } from "@/store/api-error";
import {
  useCancelReservationMutation,
  useConfirmReservationMutation,
  useGetReservationQuery,
} from "@/store/reservations-api";
import { creditsWords } from "./money-words";
import { clockLeft, lengthWords, rangeWords } from "./time-words";
import { gpusWords } from "./words";

export type HeldStepProps = {
  projectId: string;
  reservation: Reservation;
  zone: string;
  onConfirmed: (reservation: Reservation) => void;
  /** It was released, or ran out: the form comes back. */
  onBack: () => void;
};

/** A booking that is held: confirm it or give it back before its time runs out. */
export function HeldStep({ projectId, reservation, zone, onConfirmed, onBack }: HeldStepProps) {
  const frame = useRef<HTMLDivElement>(null);
  const [receivedAt] = useState(() => Date.now());
  const one = { projectId, reservationId: reservation.id };
  // The stream tells at once when it runs out or when somebody else confirms it.
  const { data: current = reservation } = useGetReservationQuery(one);
  const [confirm, confirming] = useConfirmReservationMutation();
  const [cancel, cancelling] = useCancelReservationMutation();
  const [refusal, setRefusal] = useState<{ attempt: number; error: ApiError | undefined } | null>(null);
  const now = useNow() ?? receivedAt;
  // By how long the server grants, not by its clock: the reader's may be wrong.
  const granted =
    Date.parse(reservation.hold_expires_at ?? reservation.created_at) - Date.parse(reservation.updated_at);
  const left = Math.max(0, receivedAt + granted - now);
  // The form that had the focus is gone.
  useEffect(() => frame.current?.focus(), []);

  const refused = (error: unknown) =>
    setRefusal((last) => ({ attempt: (last?.attempt ?? 0) + 1, error: isApiError(error) ? error : undefined }));
  const onConfirm = async () => {
    setRefusal(null);
    const { data, error } = await confirm({ ...one, body: {} });
    if (data === undefined) refused(error);
    else onConfirmed(data);
  };
  const onRelease = async () => {
    setRefusal(null);
    const { data, error } = await cancel({ ...one, body: {} });
    if (data === undefined) refused(error);
    else onBack();
  };
  const hasRunOut = current.status === "expired" || (current.status === "held" && left === 0);
  const isHeld = current.status === "held" && !hasRunOut;
  return (
    <>
      <DialogBody ref={frame} tabIndex={-1} className="outline-none">
        {refusal === null ? null : <FormError key={refusal.attempt} error={refusal.error} />}
        {isHeld ? (
          <div className="flex flex-col items-center gap-2 py-6 text-center">
            <Hourglass aria-hidden="true" className="size-6 text-caution" />
            <p className="font-medium text-base text-ink">Held for you, not booked yet</p>
            <p className="text-3xl text-ink tabular-nums">
              <span role="timer" aria-label="Time left to confirm">
                {clockLeft(left)}
              </span>
            </p>
            <Summary reservation={current} zone={zone} />
            <p className="max-w-md text-ink-muted text-sm">
              Nobody else can book these GPUs, and the credits are set aside. Unless it is confirmed in time, both are
              free again, and nothing is charged.
            </p>
          </div>
        ) : (
          <Alert
            tone={hasRunOut ? "caution" : "info"}
            live
            title={hasRunOut ? "The time to confirm has run out" : "It is no longer held"}
          >
            {hasRunOut
              ? "The GPUs and the credits are free again, and nothing was charged. You can hold them once more if they are still free."
              : "Somebody confirmed it or gave it back meanwhile."}
          </Alert>
        )}
      </DialogBody>
      <DialogFooter>
        {isHeld ? (
          <>
            <Button onClick={onRelease} loading={cancelling.isLoading}>
              Give it back
            </Button>
            <Button variant="primary" onClick={onConfirm} loading={confirming.isLoading}>
              Confirm for {creditsWords(current.price.total_micros)}
            </Button>
          </>
        ) : (
          <Button variant="primary" onClick={onBack}>
            Back to the form
          </Button>
        )}
      </DialogFooter>
    </>
  );
}

function Summary({ reservation, zone }: { reservation: Reservation; zone: string }) {
  const from = Date.parse(reservation.starts_at);
  const to = Date.parse(reservation.ends_at);
  return (
    <p className="text-ink text-sm">
      {gpusWords(reservation.gpu_count, reservation.pool.gpu_type)} in {reservation.pool.name}
      <span className="block text-ink-muted tabular-nums">
        {rangeWords(from, to, zone)} · {lengthWords(to - from)}
      </span>
    </p>
  );
}
