"use client";
import { useMemo } from "react";
import { useProject } from "@/components/shell/project-context";
import { toFormValues, toUpdateBody, type WebhookFormValues } from "@/components/webhooks/form-schema";
import { changeBlock } from "@/components/webhooks/guarded";
import { useWebhook } from "@/components/webhooks/webhook-context";
import { WebhookForm } from "@/components/webhooks/webhook-form";
import { isApiError } from "@/store/api-error";
import { useUpdateWebhookMutation } from "@/store/webhooks-api";

/** The form of an existing webhook. */
export function EditWebhook() {
  const { project, can } = useProject();
  const { webhook } = useWebhook();
  const [update] = useUpdateWebhookMutation();
  const values = useMemo(() => toFormValues(webhook), [webhook]);

  const submit = async (submitted: WebhookFormValues) => {
    try {
      const body = toUpdateBody(submitted);
      const stored = await update({ projectId: project.id, webhookId: webhook.id, body }).unwrap();
      return { saved: toFormValues(stored) };
    } catch (error) {
      if (isApiError(error)) return { error };
      throw error;
    }
  };

  return (
    <div className="max-w-4xl">
      <WebhookForm
        values={values}
        mode="edit"
        submitLabel="Save changes"
        blocked={changeBlock(can, webhook)}
        onSubmit={submit}
      />
    </div>
  );
}
