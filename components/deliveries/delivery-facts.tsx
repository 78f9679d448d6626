"use client";
import Link from "next/link";
import { sourceWord } from "@/components/events/source-words";
import { CopyButton } from "@/components/ui/copy-button";
import { IdText } from "@/components/ui/id-text";
import { Timestamp } from "@/components/ui/timestamp";
import { hostOf } from "@/components/webhooks/words";
import { workflowHref } from "@/components/workflows/links";
import type { DeliveryDetail } from "@/lib/contracts/deliveries";
import { Fact, FactList } from "./fact-list";
import { deliveriesHref, eventHref, textLinkClass, webhookHref } from "./links";
import { NextAttempt } from "./next-attempt";

/** What a delivery is: its ids, where it goes, how far it has come. */
export function DeliveryFacts({ delivery, paused }: { delivery: DeliveryDetail; paused: boolean }) {
  const { event, webhook } = delivery;
  const name = webhook.description || hostOf(delivery.url);
  return (
    <FactList>
      <Fact label="Webhook" wide>
        {webhook.source === "request" ? (
          <Link href={workflowHref(event.correlation_id)} className={textLinkClass}>
            Webhook of a request
          </Link>
        ) : webhook.deleted ? (
          name
        ) : (
          <Link href={webhookHref(webhook.id)} className={textLinkClass}>
            {name}
          </Link>
        )}
        <span className="text-ink-muted">{webhook.deleted ? " (deleted)" : paused ? " (disabled)" : ""}</span>
        <span className="block font-mono text-ink-muted text-xs/5">{delivery.url}</span>
      </Fact>
      <Fact label="Delivery">
        <IdText value={delivery.id} label="delivery id" />
      </Fact>
      <Fact label="Event">
        <span className="flex items-center gap-0.5">
          <Link href={eventHref(event.id)} className={textLinkClass}>
            <IdText value={event.id} copy={false} />
          </Link>
          <CopyButton value={event.id} label="Copy event id" />
        </span>
      </Fact>
      <Fact label="Correlation">
        <span className="flex items-center gap-0.5">
          <Link
            href={deliveriesHref({ q: event.correlation_id })}
            title="All deliveries with this correlation id"
            className={textLinkClass}
          >
            <IdText value={event.correlation_id} copy={false} />
          </Link>
          <CopyButton value={event.correlation_id} label="Copy correlation id" />
        </span>
      </Fact>
      {event.sequence === null ? null : (
        <Fact label="Workflow">
          <Link href={workflowHref(event.correlation_id)} className={textLinkClass}>
            Event {event.sequence} of it
          </Link>
        </Fact>
      )}
      <Fact label="Source">{sourceWord(event.source)}</Fact>
      <Fact label="Attempts">
        <span className="tabular-nums">
          {delivery.attempt_count} of {delivery.max_attempts}
        </span>
      </Fact>
      {delivery.status === "pending" ? (
        <Fact label="Next attempt">
          {delivery.waiting?.reason === "lane" ? (
            "waits its turn"
          ) : (
            <NextAttempt at={delivery.waiting?.until ?? delivery.next_attempt_at} paused={paused} />
          )}
        </Fact>
      ) : null}
      <Fact label="Created">
        <Timestamp value={delivery.created_at} date="always" />
      </Fact>
      <Fact label="Completed">
        {delivery.completed_at === null ? "–" : <Timestamp value={delivery.completed_at} date="always" />}
      </Fact>
    </FactList>
  );
}
