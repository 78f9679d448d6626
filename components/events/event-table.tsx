import { eventHref } from "@/components/deliveries/links";
import { IdText } from "@/components/ui/id-text";
import { RowActions, RowLink, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { Timestamp } from "@/components/ui/timestamp";
import type { ListedEvent } from "@/lib/contracts/events";
import { DeliveryCounts } from "./delivery-counts";
import { sourceWord } from "./source-words";

export type EventTableProps = {
  events: readonly ListedEvent[];
  /** Narrows the list down to the events of one workflow. */
  onCorrelation: (id: string) => void;
};

export function EventTable({ events, onCorrelation }: EventTableProps) {
  return (
    <Table label="Events, newest first">
      <THead>
        <TR>
          <TH>Event type</TH>
          <TH>Deliveries</TH>
          <TH>Source</TH>
          <TH>Correlation</TH>
          <TH>Event</TH>
          <TH align="end">Time</TH>
        </TR>
      </THead>
      <TBody>
        {events.map((event) => (
          <TR key={event.id} interactive data-event={event.id}>
            <TD stackAs="title" className="font-mono text-xs">
              <RowLink href={eventHref(event.id)} prefetch={false}>
                {event.type}
              </RowLink>
            </TD>
            <TD label="Deliveries" className="text-xs">
              <DeliveryCounts counts={event.delivery_counts} />
            </TD>
            <TD label="Source" className="text-ink-muted">
              {sourceWord(event.source)}
            </TD>
            <TD label="Correlation" stackAs={event.correlation_id === event.id ? "hide" : "line"}>
              {event.correlation_id === event.id ? (
                <span className="text-ink-muted">its own</span>
              ) : (
                <RowActions>
                  <button
                    type="button"
                    title="Only events with this correlation id"
                    onClick={() => onCorrelation(event.correlation_id)}
                    className="rounded-sm text-accent hover:underline hover:underline-offset-4"
                  >
                    <IdText value={event.correlation_id} label="correlation id" head={12} copy={false} />
                  </button>
                </RowActions>
              )}
            </TD>
            <TD stackAs="hide">
              <IdText value={event.id} label="event id" />
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
