"use client";
import { useState } from "react";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { formatNumber } from "@/components/ui/format";
import { useWebhookActions } from "@/components/webhooks/use-webhook-actions";
import { nameOf } from "@/components/webhooks/words";
import type { Webhook, WebhookHealth } from "@/lib/contracts/webhooks";

type EnableDialogProps = {
  /** The webhook asked about; null while nobody asks. */
  webhook: Webhook | null;
  /** Deliveries that wait for it. */
  pending: number;
  onClose: () => void;
};

/** Asks before a webhook is enabled for which deliveries wait: they are sent at once, however old they are by now. */
export function EnableDialog({ webhook, pending, onClose }: EnableDialogProps) {
  const { setEnabled } = useWebhookActions();
  const count = pending === 1 ? "1 waiting delivery is" : `${formatNumber(pending)} waiting deliveries are`;
  return (
    <ConfirmDialog
      open={webhook !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Enable this webhook?"
      description={
        <>
          <span className="block font-medium text-ink">{webhook ? nameOf(webhook) : ""}</span>
          <span className="mt-3 block">
            {count} sent at once. Events that passed it by meanwhile are not; replay them afterwards if they are needed.
          </span>
        </>
      }
      confirmLabel="Enable webhook"
      tone="primary"
      onConfirm={() => webhook && setEnabled(webhook, true)}
    />
  );
}

/** Enables a webhook, asking first when deliveries wait for it. Render `dialog` once. */
export function useEnable(webhook: Webhook, health: WebhookHealth | undefined) {
  const { setEnabled } = useWebhookActions();
  const [asking, setAsking] = useState(false);
  const pending = health?.pending ?? 0;
  return {
    ask: () => (pending > 0 ? setAsking(true) : void setEnabled(webhook, true)),
    dialog: <EnableDialog webhook={asking ? webhook : null} pending={pending} onClose={() => setAsking(false)} />,
  };
}
