import type { Metadata } from "next";
import { WebhookDeliveries } from "@/components/webhooks/webhook-deliveries";

export const metadata: Metadata = { title: "Webhook deliveries" };

export default function WebhookDeliveriesPage() {
  return <WebhookDeliveries />;
}
