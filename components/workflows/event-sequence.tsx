"use client";
import { RotateCw } from "lucide-react";
import Link from "next/link";
import { DeliveryStatus } from "@/components/deliveries/delivery-status";
import { deliveryHref, eventHref, textLinkClass } from "@/components/deliveries/links";
import { useRetry } from "@/components/deliveries/use-retry";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { RelativeTime } from "@/components/ui/relative-time";
import type { WorkflowEvent } from "@/lib/contracts/workflows";

/** The events of a workflow in their order, each with what became of it at every webhook. */
export function EventSequence({ events }: { events: readonly WorkflowEvent[] }) {
  const { project, can } = useProject();
  const { retry, isSending, dialog } = useRetry(project.id);
  return (
    <>
      <ol aria-label="Events in sequence" className="divide-y divide-line">
        {events.map((event) => (
          <li key={event.id} className="flex gap-3 px-4 py-3">
            <span className="w-7 shrink-0 text-end text-ink-muted text-sm tabular-nums">{event.sequence ?? "–"}</span>
            <div className="flex min-w-0 flex-1 flex-col gap-1.5">
              <div className="flex flex-wrap items-baseline justify-between gap-x-3">
                <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
                  <Link href={eventHref(event.id)} className={`${textLinkClass} break-all font-mono text-sm`}>
                    {event.type}
                  </Link>
                  {event.artifact_type === null ? null : (
                    <span className="break-all font-mono text-ink-muted text-xs">{event.artifact_type}</span>
                  )}
                </span>
                <span className="text-ink-muted text-xs">
                  <RelativeTime value={event.occurred_at} />
                </span>
              </div>
              <Deliveries
                event={event}
                mayRetry={can("deliveries:retry")}
                isSending={isSending}
                onRetry={(delivery) => retry({ ...delivery, event_type: event.type })}
              />
            </div>
          </li>
        ))}
      </ol>
      {dialog}
    </>
  );
}

type Delivery = WorkflowEvent["deliveries"][number];
type DeliveriesProps = {
  event: WorkflowEvent;
  mayRetry: boolean;
  isSending: boolean;
  onRetry: (delivery: Delivery) => void;
};

function Deliveries({ event, mayRetry, isSending, onRetry }: DeliveriesProps) {
  if (event.deliveries.length === 0) return <p className="text-ink-muted text-xs">No webhook wanted it.</p>;
  return (
    <ul aria-label={`Deliveries of ${event.type}`} className="flex flex-col gap-1">
      {event.deliveries.map((delivery) => (
        <li key={delivery.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs">
          <DeliveryStatus status={delivery.status} />
          <Link
            href={deliveryHref(delivery.id)}
            aria-label={`Delivery to ${delivery.url}`}
            className={`${textLinkClass} min-w-0 break-all font-mono`}
          >
            {delivery.url}
          </Link>
          <span className="text-ink-muted">
            {delivery.source === "request" ? "webhook of the request" : "webhook of the project"}
          </span>
          {delivery.attempt_count > 1 || delivery.status === "failed" ? (
            <span className="text-ink-muted tabular-nums">
              attempt {delivery.attempt_count} of {delivery.max_attempts}
            </span>
          ) : null}
          {delivery.status === "failed" && mayRetry ? (
            <Button size="sm" loading={isSending} onClick={() => onRetry(delivery)}>
              <RotateCw aria-hidden="true" />
              Retry
            </Button>
          ) : null}
          {delivery.status === "delivered" || delivery.error_message === null ? null : (
            <span className="basis-full text-ink-muted">{delivery.error_message}</span>
          )}
        </li>
      ))}
    </ul>
  );
}
