"use client";
import { useCallback } from "react";
import { useProject } from "@/components/shell/project-context";
import { toast } from "@/components/ui/toast";
import { nameOf } from "@/components/webhooks/words";
import type { Webhook } from "@/lib/contracts/webhooks";
import { describeError, isApiError } from "@/store/api-error";
import { useTestWebhookMutation, useUpdateWebhookMutation } from "@/store/webhooks-api";

/** "tampered" is made with a wrong key: a good receiver refuses it. */
export type TestSignature = "valid" | "tampered";

/** What can be done to a webhook from several screens, with the messages that belong to it. */
export function useWebhookActions() {
  const { project } = useProject();
  const [update] = useUpdateWebhookMutation();
  const [test] = useTestWebhookMutation();

  /** Takes effect on the screen at once; goes back by itself when the server refuses, or by "Undo". */
  const setEnabled = useCallback(
    async (webhook: Pick<Webhook, "id" | "url" | "description">, enabled: boolean): Promise<void> => {
      try {
        await update({ projectId: project.id, webhookId: webhook.id, body: { enabled } }).unwrap();
        toast.success(`${nameOf(webhook)} ${enabled ? "enabled" : "disabled"}`, {
          // Not the same id as the toast that "Undo" is just dismissing: this one would go with it.
          id: `${webhook.id}-${enabled}`,
          description: enabled
            ? "New events reach it; what was waiting is sent now."
            : "New events pass it by; pending deliveries wait.",
          action: { label: "Undo", onClick: () => void setEnabled(webhook, !enabled) },
        });
      } catch (error) {
        showError(`${nameOf(webhook)} could not be ${enabled ? "enabled" : "disabled"}`, error);
      }
    },
    [update, project.id],
  );

  /** The id of the test's delivery, which is then queued; null when it was refused, which has been said. */
  const sendTest = useCallback(
    async (webhookId: string, signature: TestSignature = "valid"): Promise<string | null> => {
      try {
        const { deliveries } = await test({ projectId: project.id, webhookId, body: { signature } }).unwrap();
        return deliveries[0]?.id ?? null;
      } catch (error) {
        showError("The test could not be queued", error);
        return null;
      }
    },
    [test, project.id],
  );

  return { setEnabled, sendTest };
}

/** An error toast for what a mutation's unwrap() threw. */
export function showError(title: string, error: unknown): void {
  const { title: reason, detail, requestId } = describeError(isApiError(error) ? error : undefined);
  toast.error(title, { description: detail === "" ? reason : detail, requestId: requestId ?? undefined });
}

/** The words of what a mutation's unwrap() threw, for inside a dialog. */
export function errorWords(error: unknown): string {
  const { title, detail, requestId } = describeError(isApiError(error) ? error : undefined);
  return `${detail === "" ? title : detail}${requestId === null ? "" : ` (request ${requestId})`}`;
}
