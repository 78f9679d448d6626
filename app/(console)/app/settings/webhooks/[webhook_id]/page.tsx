import type { Metadata } from "next";
import { WebhookOverview } from "@/components/webhooks/webhook-overview";

export const metadata: Metadata = { title: "Webhook" };

export default function WebhookOverviewPage() {
  return <WebhookOverview />;
}
