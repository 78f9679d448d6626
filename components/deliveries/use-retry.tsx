"use client";
import { type ReactNode, useCallback, useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toast";
import type { Delivery } from "@/lib/contracts/deliveries";
import { describeError, isApiError } from "@/store/api-error";
import { useRetryDeliveryMutation } from "@/store/deliveries-api";

type Target = Pick<Delivery, "id" | "event_type" | "status" | "attempt_count">;

export type Retry = {
  /** Sends the delivery again; of a delivered one it asks first. Whether it may be sent is retryBlock's to say. */
  retry: (target: Target) => void;
  /** The request to queue it is under way. */
  isSending: boolean;
  /** Queued, and the attempt was not taken up yet when `attempt_count` is still this. */
  queuedAfter: number | null;
  /** To be rendered somewhere. */
  dialog: ReactNode;
};

/** "Retry now": puts a delivery back into the queue and says so. What came of it is told by the delivery itself. */
export function useRetry(projectId: string): Retry {
  const [mutate, { isLoading }] = useRetryDeliveryMutation();
  const [asked, setAsked] = useState<Target | null>(null);
  const [queuedAfter, setQueuedAfter] = useState<number | null>(null);

  const send = useCallback(
    async ({ id, attempt_count }: Target) => {
      await mutate({ projectId, deliveryId: id }).unwrap();
      setQueuedAfter(attempt_count);
      toast.info("Queued", { id: `retry-${id}`, description: "The next attempt starts in a moment." });
    },
    [mutate, projectId],
  );
  const retry = useCallback(
    (target: Target) => {
      if (target.status === "delivered") setAsked(target);
      else send(target).catch((error: unknown) => showError(error));
    },
    [send],
  );
  const dialog = (
    <ConfirmDialog
      open={asked !== null}
      onOpenChange={(open) => {
        if (!open) setAsked(null);
      }}
      title="Send it again?"
      description={
        <>
          This {asked?.event_type} was delivered already. The receiver gets it a second time, with the same event id; a
          receiver that does not check ids acts on it twice.
        </>
      }
      confirmLabel="Send again"
      tone="primary"
      onConfirm={() => (asked === null ? undefined : send(asked))}
      describeError={errorWords}
    />
  );
  return { retry, isSending: isLoading, queuedAfter, dialog };
}

function showError(error: unknown) {
  const { title, detail, requestId } = describeError(isApiError(error) ? error : undefined);
  toast.error(title, { description: detail, ...(requestId === null ? {} : { requestId }) });
}

function errorWords(error: unknown): string {
  const { title, detail, requestId } = describeError(isApiError(error) ? error : undefined);
  return `${title}. ${detail}${requestId === null ? "" : ` (Request ${requestId})`}`;
}
