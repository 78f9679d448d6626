import type { Metadata } from "next";
import { CreateWebhook } from "@/components/webhooks/create-webhook";

export const metadata: Metadata = { title: "New webhook" };

export default function NewWebhookPage() {
  return <CreateWebhook />;
}
