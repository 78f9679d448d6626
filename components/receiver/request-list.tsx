"use client";
import type { MouseEvent } from "react";
import { HttpCode } from "@/components/deliveries/http-code";
import { cn } from "@/components/ui/cn";
import { formatDuration } from "@/components/ui/format";
import { RowActions, RowLink, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { Timestamp } from "@/components/ui/timestamp";
import { useMediaQuery } from "@/components/ui/use-media-query";
import type { ReceiverRequest } from "@/lib/contracts/receiver";
import { bodySize } from "./describe";
import { VerdictBadge, verdictWord } from "./verdict-badge";

type RequestListProps = {
  requests: readonly ReceiverRequest[];
  selectedId: string | null;
  onSelect: (id: string) => void;
};

const LABEL = "Requests, newest first";

/** Gives way where the list is narrow, as beside an open request. */
const WIDE_ONLY = "md:@max-[38rem]:hidden";

/** What came, newest first; each row (on phones: each card) leads to the request in full. */
export function RequestList({ requests, selectedId, onSelect }: RequestListProps) {
  const isWide = useMediaQuery("(width >= 48rem)");
  const rows = requests.map((request) => ({
    request,
    selected: request.id === selectedId,
    onSelect: () => onSelect(request.id),
  }));
  if (!isWide) {
    return (
      <ul aria-label={LABEL} className="divide-y divide-line">
        {rows.map((row) => (
          <li key={row.request.id}>
            <RequestCard {...row} />
          </li>
        ))}
      </ul>
    );
  }
  return (
    <div className="@container">
      <Table label={LABEL} wrapperClassName="max-lg:[--table-top:0px]">
        <THead>
          <TR>
            <TH>Event type</TH>
            <TH>Signature</TH>
            <TH>Answered</TH>
            <TH className={WIDE_ONLY}>Method</TH>
            <TH align="end" className={WIDE_ONLY}>
              Size
            </TH>
            <TH align="end">Received</TH>
          </TR>
        </THead>
        <TBody>
          {rows.map((row) => (
            <RequestRow key={row.request.id} {...row} />
          ))}
        </TBody>
      </Table>
    </div>
  );
}

type RequestRowProps = { request: ReceiverRequest; selected: boolean; onSelect: () => void };

function RequestRow(props: RequestRowProps) {
  const { request, selected } = props;
  return (
    <TR interactive selected={selected}>
      <TD>
        <RequestLink {...props} />
      </TD>
      <TD>
        <VerdictBadge verdict={request.signature} />
      </TD>
      <TD>
        <Answered request={request} />
      </TD>
      <TD mono className={WIDE_ONLY}>
        {request.method}
      </TD>
      <TD align="end" className={cn("text-ink-muted", WIDE_ONLY)}>
        {bodySize(request)}
      </TD>
      <TD align="end">
        <RowActions>
          <Timestamp value={request.received_at} />
        </RowActions>
      </TD>
    </TR>
  );
}

function RequestCard(props: RequestRowProps) {
  const { request } = props;
  return (
    <div className="relative flex flex-col gap-1 px-4 py-3 has-[a[data-row-link]:active]:bg-hover">
      <div className="flex items-start justify-between gap-3">
        <span className="min-w-0 break-words">
          <RequestLink {...props} />
        </span>
        <VerdictBadge verdict={request.signature} />
      </div>
      <div className="flex items-center justify-between gap-3 text-ink-muted text-xs">
        <p className="flex min-w-0 flex-wrap gap-x-2 tabular-nums">
          <Answered request={request} />
          <span className="font-mono">{request.method}</span>
          <span>{bodySize(request)}</span>
        </p>
        <Timestamp value={request.received_at} className="shrink-0" />
      </div>
    </div>
  );
}

function RequestLink({ request: { id, event_type, signature }, selected, onSelect }: RequestRowProps) {
  const open = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onSelect();
  };
  return (
    <RowLink
      href={requestHref(id)}
      prefetch={false}
      scroll={false}
      onClick={open}
      aria-current={selected ? "true" : undefined}
      aria-label={`${event_type ?? "Request without event type"}, signature ${verdictWord(signature)}`}
      title={id}
      className={event_type === null ? "text-ink-muted" : "font-mono text-xs pointer-coarse:text-sm"}
    >
      {event_type ?? "No event type"}
    </RowLink>
  );
}

/** The status that was answered and how long it was held back: `500 after 2 s`. */
export function Answered({ request, reason }: { request: ReceiverRequest; reason?: boolean }) {
  return (
    <span>
      <HttpCode status={request.answered_status} reason={reason} className="text-xs" />
      {request.delay_ms > 0 ? (
        <span className="text-ink-muted text-xs"> after {formatDuration(request.delay_ms)}</span>
      ) : null}
    </span>
  );
}

function requestHref(id: string): string {
  return `/app/receiver?${new URLSearchParams({ request: id })}`;
}
