"use client";
import { StatisticsPanel } from "@/components/statistics/statistics-panel";
import { useWebhook } from "@/components/webhooks/webhook-context";

/** How well and how fast the webhook took what was sent to it. */
export function WebhookStatistics() {
  const { webhook } = useWebhook();
  return <StatisticsPanel webhookId={webhook.id} title="Statistics" />;
}
