import type { Metadata } from "next";
import { EditWebhook } from "@/components/webhooks/edit-webhook";

export const metadata: Metadata = { title: "Webhook settings" };

export default function EditWebhookPage() {
  return <EditWebhook />;
}
