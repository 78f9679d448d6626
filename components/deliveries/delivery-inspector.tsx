"use client";
import { ArrowUpRight, X } from "lucide-react";
import Link from "next/link";
import { useEffect, useRef } from "react";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { IconButton } from "@/components/ui/icon-button";
import { Tooltip } from "@/components/ui/tooltip";
import { DeliveryBody } from "./delivery-body";
import { DeliveryLoading, DeliveryUnavailable } from "./delivery-states";
import { DeliveryStatus } from "./delivery-status";
import { deliveryHref } from "./links";
import { RetryButton } from "./retry-button";
import { useDelivery } from "./use-delivery";
import { useWebhookState } from "./use-webhook-state";

/** The open delivery beside the list: the same as its page, in less room. */
export function DeliveryInspector({ deliveryId, onClose }: { deliveryId: string; onClose: () => void }) {
  const { delivery, error, retry } = useDelivery(deliveryId);
  const webhook = useWebhookState(delivery);
  const scroller = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another delivery begins at its top
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [deliveryId]);
  return (
    <Card data-inspector="" className="flex min-h-0 flex-1 flex-col">
      <section aria-label="Open delivery" className="flex min-h-0 flex-1 flex-col">
        <div className="flex min-h-12 shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b py-2 pr-2 pl-4">
          <h2 className="min-w-0 truncate font-medium font-mono text-sm">{delivery?.event_type ?? "Delivery"}</h2>
          {delivery === undefined ? null : <DeliveryStatus status={delivery.status} filled />}
          <div className="ml-auto flex flex-wrap items-center justify-end gap-x-2 gap-y-1">
            {delivery === undefined ? null : <RetryButton key={delivery.id} delivery={delivery} webhook={webhook} />}
            <Tooltip content="Open as page">
              <Button asChild variant="ghost" size="icon">
                <Link href={deliveryHref(deliveryId)} aria-label="Open as page">
                  <ArrowUpRight aria-hidden="true" />
                </Link>
              </Button>
            </Tooltip>
            <IconButton label="Close" icon={<X aria-hidden="true" />} onClick={onClose} />
          </div>
        </div>
        <div ref={scroller} className="relative min-h-0 flex-1 overflow-y-auto">
          {delivery !== undefined ? (
            <div className="p-4">
              <DeliveryBody key={delivery.id} delivery={delivery} paused={!webhook.enabled} />
            </div>
          ) : error !== undefined ? (
            <DeliveryUnavailable error={error} onRetry={retry} />
          ) : (
            <DeliveryLoading />
          )}
        </div>
      </section>
    </Card>
  );
}
