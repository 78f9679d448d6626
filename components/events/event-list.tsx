"use client";
import { Radio, RotateCw, SearchX } from "lucide-react";
import Link from "next/link";
import { deliveriesHref, eventHref, textLinkClass } from "@/components/deliveries/links";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { ErrorState } from "@/components/ui/error-state";
import { FilterPicker } from "@/components/ui/filter-picker";
import { IconButton } from "@/components/ui/icon-button";
import { IdText } from "@/components/ui/id-text";
import { LoadMore } from "@/components/ui/load-more";
import { SkeletonRows } from "@/components/ui/skeleton";
import { RowActions, RowLink, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { Timestamp } from "@/components/ui/timestamp";
import type { EventDetail } from "@/lib/contracts/events";
import { describeError } from "@/store/api-error";
import { sourceWord } from "./source-words";
import { EVENT_TYPE_OPTIONS } from "./type-options";
import { useEvents } from "./use-events";

export type EventListProps = {
  /** Only events of this type. */
  type: string | null;
  onType: (type: string | null) => void;
  onCatalogue: () => void;
};

/** The project's events, newest first. */
export function EventList({ type, onType, onCatalogue }: EventListProps) {
  const { events, isLoading, error, hasMore, isLoadingMore, isRefreshing, loadMore, reload } = useEvents(type);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex items-center justify-between gap-2">
        <FilterPicker
          label="Event type"
          options={EVENT_TYPE_OPTIONS}
          selected={type === null ? [] : [type]}
          onChange={([chosen = null]) => onType(chosen)}
          mono
        />
        <IconButton
          label="Read the list again"
          icon={<RotateCw aria-hidden="true" className={isRefreshing ? "animate-spin" : ""} />}
          onClick={reload}
        />
      </div>
      <Card>
        {events.length > 0 ? (
          <>
            <EventTable events={events} />
            <LoadMore
              shown={events.length}
              noun={events.length === 1 ? "event" : "events"}
              hasMore={hasMore}
              loading={isLoadingMore}
              onLoadMore={loadMore}
              error={error === undefined ? undefined : describeError(error).detail}
            />
          </>
        ) : isLoading ? (
          <SkeletonRows rows={10} label="Loading events" />
        ) : error !== undefined ? (
          <Failed error={error} onRetry={reload} retrying={isRefreshing} />
        ) : type !== null ? (
          <EmptyState
            icon={<SearchX />}
            title="No event of this type"
            actions={<Button onClick={() => onType(null)}>Show all types</Button>}
          >
            No <code className="font-mono">{type}</code> was emitted within the retention period.
          </EmptyState>
        ) : (
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
        )}
      </Card>
    </div>
  );
}

function EventTable({ events }: { events: readonly Omit<EventDetail, "deliveries">[] }) {
  return (
    <Table label="Events, newest first">
      <THead>
        <TR>
          <TH>Event type</TH>
          <TH>Source</TH>
          <TH>Correlation</TH>
          <TH>Event</TH>
          <TH>
            <span className="sr-only">Deliveries</span>
          </TH>
          <TH align="end">Time</TH>
        </TR>
      </THead>
      <TBody>
        {events.map((event) => (
          <TR key={event.id} interactive>
            <TD stackAs="title" className="font-mono text-xs">
              <RowLink href={eventHref(event.id)} prefetch={false}>
                {event.type}
              </RowLink>
            </TD>
            <TD label="Source" className="text-ink-muted">
              {sourceWord(event.source)}
            </TD>
            <TD label="Correlation" stackAs={event.correlation_id === event.id ? "hide" : "line"}>
              {event.correlation_id === event.id ? (
                <span className="text-ink-muted">its own</span>
              ) : (
                <IdText value={event.correlation_id} label="correlation id" head={12} />
              )}
            </TD>
            <TD stackAs="hide">
              <IdText value={event.id} label="event id" />
            </TD>
            <TD stackAs="hide">
              <RowActions>
                <Link
                  href={deliveriesHref({ q: event.id })}
                  prefetch={false}
                  aria-label={`Deliveries of ${event.type} ${event.id}`}
                  className={`${textLinkClass} text-xs`}
                >
                  Deliveries
                </Link>
              </RowActions>
            </TD>
            <TD stackAs="corner" align="end" className="text-ink-muted">
              <Timestamp value={event.created_at} />
            </TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}

type FailedProps = { error: Parameters<typeof describeError>[0]; onRetry: () => void; retrying: boolean };

function Failed({ error, onRetry, retrying }: FailedProps) {
  const { title, detail, requestId } = describeError(error);
  return (
    <ErrorState
      title={title}
      message={detail}
      {...(requestId === null ? {} : { requestId })}
      onRetry={onRetry}
      retrying={retrying}
    />
  );
}
