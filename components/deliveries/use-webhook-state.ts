"use client";
import { useProject } from "@/components/shell/project-context";
import type { DeliveryDetail } from "@/lib/contracts/deliveries";
import { useListWebhooksQuery } from "@/store/webhooks-api";

/**
 * Whether the webhook of a delivery can be sent to. The list of webhooks follows every change by the live stream; what
 * the delivery brought along is from when it was read.
 */
export function useWebhookState(delivery: DeliveryDetail | undefined): { enabled: boolean; deleted: boolean } {
  const { project } = useProject();
  const { data } = useListWebhooksQuery({ projectId: project.id });
  if (delivery === undefined) return { enabled: true, deleted: false };
  const listed = data?.find(({ id }) => id === delivery.webhook_id);
  return {
    enabled: listed?.enabled ?? delivery.webhook.enabled,
    // One that a request brought along is in no list.
    deleted: delivery.webhook.deleted || (!delivery.of_request && data !== undefined && listed === undefined),
  };
}
