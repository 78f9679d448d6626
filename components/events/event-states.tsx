"use client";
import { FilterX, Radio, SearchX } from "lucide-react";
import Link from "next/link";
import { WEBHOOKS } from "@/components/deliveries/links";
import { Button } from "@/components/ui/button";
import { EmptyState } from "@/components/ui/empty-state";
import type { EventFilter } from "@/store/event-filter";

export type EventsEmptyProps = { filter: EventFilter; onClear: () => void; onCatalogue: () => void };

/** No event in the list: because there is none, because none matches, or because none was filtered. */
export function EventsEmpty({ filter, onClear, onCatalogue }: EventsEmptyProps) {
  if (filter.outcome === "filtered" && filter.type === undefined && filter.correlation_id === undefined) {
    return (
      <EmptyState
        icon={<FilterX />}
        title="No event was filtered"
        actions={<Button onClick={onClear}>Show all</Button>}
      >
        An event is filtered when no enabled webhook asks for its type, application, environment, labels and content. It
        is kept like any other, and its page says which clause of which webhook passed it by. Change a{" "}
        <Link href={WEBHOOKS} className="text-accent underline underline-offset-4">
          webhook
        </Link>{" "}
        to get the next ones, or send one anyway from its page.
      </EmptyState>
    );
  }
  if (Object.keys(filter).length > 0) {
    return (
      <EmptyState
        icon={<SearchX />}
        title="No event matches these filters"
        actions={<Button onClick={onClear}>Clear all filters</Button>}
      >
        A correlation id must be whole. New events that match appear here by themselves; old ones are removed after the
        retention period.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={<Radio />}
      title="No events yet"
      actions={
        <Button variant="primary" onClick={onCatalogue}>
          Open the catalogue
        </Button>
      }
    >
      The catalogue shows every event type with an example and the command that emits it.
    </EmptyState>
  );
}
