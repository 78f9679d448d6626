import type { ReactNode } from "react";
import { WebhookFrame } from "@/components/webhooks/webhook-frame";

type Props = { params: Promise<{ webhook_id: string }>; children: ReactNode };

/** Keyed by the webhook: a test on screen belongs to one webhook and does not go along to the next. */
export default async function WebhookLayout({ params, children }: Props) {
  const { webhook_id } = await params;
  return (
    <WebhookFrame key={webhook_id} webhookId={webhook_id}>
      {children}
    </WebhookFrame>
  );
}
