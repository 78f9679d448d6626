"use client";
import { Table, TBody } from "@/components/ui/table";
import { useMediaQuery } from "@/components/ui/use-media-query";
import type { Delivery } from "@/lib/contracts/deliveries";
import { DeliveryCard, DeliveryHead, DeliveryRow } from "./delivery-cells";
import type { WebhookNames } from "./use-webhook-names";

export type DeliveryTableProps = {
  deliveries: readonly Delivery[];
  /** What the list holds, for screen readers: "Recent deliveries". */
  label: string;
  webhooks: Pick<WebhookNames, "nameOfDelivery" | "stateOf">;
  /** For lists of a single webhook's deliveries. */
  hideWebhook?: boolean | undefined;
  /** For lists of a single event's deliveries. */
  hideType?: boolean | undefined;
};

/** Some deliveries inside another page, each leading to its own; cards on phones. For long lists there is the log. */
export function DeliveryTable({ deliveries, label, webhooks, hideWebhook, hideType }: DeliveryTableProps) {
  const isWide = useMediaQuery("(width >= 48rem)");
  const rows = deliveries.map((delivery) => ({
    delivery,
    webhookName: webhooks.nameOfDelivery(delivery),
    paused: !webhooks.stateOf(delivery).enabled,
    hideWebhook,
    hideType,
  }));
  if (!isWide) {
    return (
      <ul aria-label={label} className="divide-y divide-line">
        {rows.map((row) => (
          <li key={row.delivery.id}>
            <DeliveryCard {...row} />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <div className="@container">
      <Table label={label} density="compact" className="table-fixed">
        <DeliveryHead hideWebhook={hideWebhook} hideType={hideType} />
        <TBody>
          {rows.map((row) => (
            <DeliveryRow key={row.delivery.id} {...row} />
          ))}
        </TBody>
      </Table>
    </div>
  );
}
