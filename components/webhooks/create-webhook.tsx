"use client";
import { Lock } from "lucide-react";
import Link from "next/link";
import { useRouter, useSearchParams } from "next/navigation";
import { useMemo, useState } from "react";
import { WEBHOOKS, webhookHref } from "@/components/deliveries/links";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import { PageHeader } from "@/components/ui/page-header";
import { toast } from "@/components/ui/toast";
import { NEW_WEBHOOK, toCreateBody, type WebhookFormValues } from "@/components/webhooks/form-schema";
import { changeBlock } from "@/components/webhooks/guarded";
import { SecretDialog } from "@/components/webhooks/secret-dialog";
import { WebhookForm } from "@/components/webhooks/webhook-form";
import type { WebhookWithSecret } from "@/lib/contracts/webhooks";
import { isApiError } from "@/store/api-error";
import { useGetReceiverQuery } from "@/store/receiver-api";
import { useCreateWebhookMutation } from "@/store/webhooks-api";

/** A new webhook, its secret shown once, then its page. `?receiver=1` starts with the test receiver and all events. */
export function CreateWebhook() {
  const { project, can } = useProject();
  const router = useRouter();
  const forReceiver = useSearchParams().get("receiver") === "1";
  const receiver = useGetReceiverQuery({ projectId: project.id }, { skip: !forReceiver || !can("receiver:read") });
  const [create, { reset }] = useCreateWebhookMutation();
  const [created, setCreated] = useState<WebhookWithSecret | null>(null);
  const receiverUrl = receiver.data?.url;
  const values = useMemo(() => (receiverUrl === undefined ? NEW_WEBHOOK : forTestReceiver(receiverUrl)), [receiverUrl]);
  const blocked = changeBlock(can);

  const submit = async (submitted: WebhookFormValues) => {
    try {
      const webhook = await create({ projectId: project.id, body: toCreateBody(submitted) }).unwrap();
      reset();
      if (submitted.secret_mode === "generated") {
        setCreated(webhook);
      } else {
        toast.success("Webhook created");
        router.push(webhookHref(webhook.id));
      }
      return { saved: submitted };
    } catch (error) {
      if (isApiError(error)) return { error };
      throw error;
    }
  };

  if (blocked !== undefined) {
    return (
      <>
        <h1 className="sr-only">New webhook</h1>
        <EmptyState
          icon={<Lock />}
          title="You cannot create webhooks here"
          actions={
            <Button asChild>
              <Link href={WEBHOOKS}>All webhooks</Link>
            </Button>
          }
        >
          {blocked} Somebody with the role of admin or owner can give you another one.
        </EmptyState>
      </>
    );
  }
  return (
    <>
      <PageHeader
        title="New webhook"
        description="Say where events go and which ones. Everything but the secret can be changed later."
        breadcrumbs={[{ label: "Webhooks", href: WEBHOOKS }]}
      />
      <div className="max-w-4xl">
        <WebhookForm
          values={values}
          mode="create"
          submitLabel="Create webhook"
          secondary={
            <Button asChild variant="ghost">
              <Link href={WEBHOOKS}>Cancel</Link>
            </Button>
          }
          onSubmit={submit}
        />
      </div>
      <SecretDialog
        webhook={created}
        title="Webhook created"
        onStored={() => {
          if (created) router.push(webhookHref(created.id));
        }}
      />
    </>
  );
}

function forTestReceiver(url: string): WebhookFormValues {
  return { ...NEW_WEBHOOK, url, description: "Test receiver", event_types: ["*"] };
}
