"use client";
import { CalendarCheck, CircleSlash, Pencil, Scissors } from "lucide-react";
import { useState } from "react";
import { useProject } from "@/components/shell/project-context";
import { toast } from "@/components/ui/toast";
import { GuardedButton } from "@/components/webhooks/guarded";
import type { Reservation } from "@/lib/contracts/reservations";
import { describeError, isApiError } from "@/store/api-error";
import { useConfirmReservationMutation } from "@/store/reservations-api";
import { CancelDialog } from "./cancel-dialog";
import { ChangeDialog } from "./change-dialog";
import { creditsWords } from "./money-words";
import { ReleaseDialog } from "./release-dialog";
import { isOpen, nameOf, writeBlock } from "./words";

/** What can be done with a reservation; nothing once it is over. */
export function ReservationActions({ reservation, zone }: { reservation: Reservation; zone: string }) {
  const { project, can } = useProject();
  const [asking, setAsking] = useState<"change" | "release" | "cancel" | null>(null);
  const [confirm, confirming] = useConfirmReservationMutation();
  const blocked = writeBlock(can);
  const dialog = (name: typeof asking) => ({
    open: asking === name,
    onOpenChange: (open: boolean) => setAsking(open ? name : null),
    reservation,
    zone,
  });
  const onConfirm = async () => {
    const { data, error } = await confirm({ projectId: project.id, reservationId: reservation.id, body: {} });
    if (data !== undefined) {
      toast.success(`Booked: ${nameOf(data)}`);
      return;
    }
    const { title, detail, requestId } = describeError(isApiError(error) ? error : undefined);
    toast.error(title, { description: detail, requestId: requestId ?? undefined });
  };
  return (
    <>
      {isOpen(reservation) ? (
        <>
          {reservation.status === "held" ? (
            <GuardedButton variant="primary" blocked={blocked} loading={confirming.isLoading} onClick={onConfirm}>
              <CalendarCheck aria-hidden="true" />
              Confirm for {creditsWords(reservation.price.total_micros)}
            </GuardedButton>
          ) : null}
          <GuardedButton blocked={blocked} onClick={() => setAsking("change")}>
            <Pencil aria-hidden="true" />
            Move or change
          </GuardedButton>
          {reservation.status === "held" ? null : (
            <GuardedButton blocked={blocked} onClick={() => setAsking("release")}>
              <Scissors aria-hidden="true" />
              Release a part
            </GuardedButton>
          )}
          <GuardedButton blocked={blocked} onClick={() => setAsking("cancel")}>
            <CircleSlash aria-hidden="true" />
            {reservation.status === "active" ? "End now" : "Cancel"}
          </GuardedButton>
        </>
      ) : null}
      <ChangeDialog {...dialog("change")} />
      <ReleaseDialog {...dialog("release")} />
      <CancelDialog {...dialog("cancel")} />
    </>
  );
}
