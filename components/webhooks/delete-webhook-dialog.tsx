"use client";
import { useProject } from "@/components/shell/project-context";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { formatNumber } from "@/components/ui/format";
import { toast } from "@/components/ui/toast";
import { errorWords } from "@/components/webhooks/use-webhook-actions";
import { nameOf } from "@/components/webhooks/words";
import type { Webhook } from "@/lib/contracts/webhooks";
import { useDeleteWebhookMutation } from "@/store/webhooks-api";

export type DeleteWebhookDialogProps = {
  /** The webhook to ask about; null keeps the dialog closed. */
  webhook: Pick<Webhook, "id" | "url" | "description"> | null;
  /** How many deliveries are waiting; undefined when it is not known. */
  pending: number | undefined;
  onClose: () => void;
  onDeleted?: (() => void) | undefined;
};

export function DeleteWebhookDialog({ webhook, pending, onClose, onDeleted }: DeleteWebhookDialogProps) {
  const { project } = useProject();
  const [remove] = useDeleteWebhookMutation();
  return (
    <ConfirmDialog
      open={webhook !== null}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      title="Delete this webhook?"
      description={
        <>
          <span className="block font-medium text-ink">{webhook ? nameOf(webhook) : ""}</span>
          <span className="block break-all font-mono text-xs">{webhook?.url}</span>
          <span className="mt-3 block">
            {waiting(pending)} New events no longer reach it. What was sent stays in the log. This cannot be undone.
          </span>
        </>
      }
      confirmLabel="Delete webhook"
      onConfirm={async () => {
        if (!webhook) return;
        await remove({ projectId: project.id, webhookId: webhook.id }).unwrap();
        toast.success(`${nameOf(webhook)} deleted`);
        onDeleted?.();
      }}
      describeError={errorWords}
    />
  );
}

function waiting(pending: number | undefined): string {
  if (pending === undefined) return "Its pending deliveries are cancelled.";
  if (pending === 0) return "No delivery is pending, so none is cancelled.";
  return pending === 1
    ? "Its 1 pending delivery is cancelled."
    : `Its ${formatNumber(pending)} pending deliveries are cancelled.`;
}
