"use client";
import { IdText } from "@/components/ui/id-text";
import { PageHeader } from "@/components/ui/page-header";
import { DeliveryBody } from "./delivery-body";
import { DeliveryLoading, DeliveryUnavailable } from "./delivery-states";
import { DeliveryStatus } from "./delivery-status";
import { DELIVERIES } from "./links";
import { RetryButton } from "./retry-button";
import { useDelivery } from "./use-delivery";
import { useWebhookState } from "./use-webhook-state";

const BREADCRUMBS = [{ label: "Deliveries", href: DELIVERIES }];

/** A delivery on a page of its own, to be linked to. */
export function DeliveryPage({ deliveryId }: { deliveryId: string }) {
  const { delivery, error, retry } = useDelivery(deliveryId);
  const webhook = useWebhookState(delivery);
  if (delivery === undefined) {
    return (
      <>
        <PageHeader title="Delivery" breadcrumbs={BREADCRUMBS} />
        {error === undefined ? <DeliveryLoading /> : <DeliveryUnavailable error={error} onRetry={retry} />}
      </>
    );
  }
  return (
    <>
      <PageHeader
        title={<span className="font-mono text-lg">{delivery.event_type}</span>}
        badge={<DeliveryStatus status={delivery.status} filled />}
        description={<IdText value={delivery.id} label="delivery id" full />}
        breadcrumbs={BREADCRUMBS}
        actions={<RetryButton delivery={delivery} webhook={webhook} />}
      />
      <DeliveryBody delivery={delivery} paused={!webhook.enabled} />
    </>
  );
}
