"use client";
import Link from "next/link";
import { Fact, FactList } from "@/components/deliveries/fact-list";
import { eventsHref, textLinkClass, webhookHref } from "@/components/deliveries/links";
import { Badge } from "@/components/ui/badge";
import { CopyButton } from "@/components/ui/copy-button";
import { IdText } from "@/components/ui/id-text";
import { Timestamp } from "@/components/ui/timestamp";
import { workflowHref } from "@/components/workflows/links";
import type { EventDetail } from "@/lib/contracts/events";
import { aboutWebhook, sourceMeaning, sourceWord } from "./source-words";

/** What an event is, beside its body. */
export function EventFacts({ event }: { event: EventDetail }) {
  const labels = Object.entries(event.labels);
  return (
    <FactList>
      <Fact label="Event">
        <IdText value={event.id} label="event id" />
      </Fact>
      <Fact label="Source">
        <Source event={event} />
      </Fact>
      <Fact label="Correlation" wide>
        <span className="flex items-center gap-0.5">
          <Link
            href={eventsHref({ correlation_id: event.correlation_id })}
            title="All events with this correlation id"
            className={textLinkClass}
          >
            <IdText value={event.correlation_id} head={16} copy={false} />
          </Link>
          <CopyButton value={event.correlation_id} label="Copy correlation id" />
        </span>
      </Fact>
      {event.sequence === null ? null : (
        <Fact label="Workflow" wide>
          <Link href={workflowHref(event.correlation_id)} className={textLinkClass}>
            Event {event.sequence} of its workflow
          </Link>
        </Fact>
      )}
      <Fact label="Application">{event.application ?? "–"}</Fact>
      <Fact label="Environment">{event.environment ?? "–"}</Fact>
      <Fact label="Labels" wide>
        {labels.length === 0 ? (
          "–"
        ) : (
          <span className="flex flex-wrap gap-1 pt-0.5">
            {labels.map(([name, value]) => (
              <Badge key={name} mono>
                {name}={value}
              </Badge>
            ))}
          </span>
        )}
      </Fact>
      <Fact label="Occurred">
        <Timestamp value={event.occurred_at} date="always" />
      </Fact>
      <Fact label="Accepted">
        <Timestamp value={event.created_at} date="always" />
      </Fact>
    </FactList>
  );
}

/** Where it came from; what the delivery engine or a test tells is about a webhook. */
function Source({ event }: { event: EventDetail }) {
  const webhookId = aboutWebhook(event);
  return (
    <>
      <span title={sourceMeaning(event.source)}>{sourceWord(event.source)}</span>
      {webhookId === null ? null : (
        <Link href={webhookHref(webhookId)} prefetch={false} className={`${textLinkClass} block text-xs`}>
          {event.source === "engine" ? "The webhook it is about" : "The webhook it tests"}
        </Link>
      )}
    </>
  );
}
