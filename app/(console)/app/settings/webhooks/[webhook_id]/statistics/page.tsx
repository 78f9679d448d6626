import type { Metadata } from "next";
import { WebhookStatistics } from "@/components/webhooks/webhook-statistics";

export const metadata: Metadata = { title: "Webhook statistics" };

export default function WebhookStatisticsPage() {
  return <WebhookStatistics />;
}
