"use client";
import { type MouseEvent, memo } from "react";
import { Badge } from "@/components/ui/badge";
import { Checkbox } from "@/components/ui/checkbox";
import { cn } from "@/components/ui/cn";
import { formatDuration } from "@/components/ui/format";
import { RowLink, TD, TH, THead, TR } from "@/components/ui/table";
import { Timestamp } from "@/components/ui/timestamp";
import type { Delivery } from "@/lib/contracts/deliveries";
import { DeliveryStatus } from "./delivery-status";
import { HttpCode } from "./http-code";
import { deliveryHref } from "./links";
import { NextAttempt } from "./next-attempt";
import { statusWord, triggerWord } from "./status-words";

/** What every form of the log shows of a row, and what pressing it does. */
export type DeliveryRowProps = {
  delivery: Delivery;
  webhookName: string;
  /** The webhook is disabled: what is pending waits. */
  paused?: boolean | undefined;
  /** Where the list is that of one webhook, its name would say the same in each row. */
  hideWebhook?: boolean | undefined;
  /** Likewise where it is that of one event; the link then stands in the webhook's column. */
  hideType?: boolean | undefined;
  selected?: boolean | undefined;
  /** Instead of going to the delivery's page on a plain press; new tabs and windows still get the page. */
  onOpen?: ((id: string) => void) | undefined;
  onFocus?: ((id: string) => void) | undefined;
  /** Whether the row is chosen; absent where rows cannot be. */
  checked?: boolean | undefined;
  /** Chooses the row or lets it go; with `extend` everything up to it. */
  onCheck?: ((id: string, extend: boolean) => void) | undefined;
};

/** Columns that give way first where the list is narrow, as beside an open delivery. */
const ROOMY_ONLY = "md:@max-4xl:hidden";
const WIDE_ONLY = "md:@max-3xl:hidden";
const MEDIUM_UP = "md:@max-[34rem]:hidden";

type Columns = Pick<DeliveryRowProps, "hideWebhook" | "hideType"> & {
  /** For a first column of boxes: what the head's own box shows and does. */
  all?: { checked: boolean | "indeterminate"; onToggle: () => void } | undefined;
};

/** With fixed widths, for tables of a fixed layout: rows that come and go while scrolling must not move the columns. */
export function DeliveryHead({ hideWebhook = false, hideType = false, all }: Columns) {
  return (
    <THead>
      <TR>
        {all === undefined ? null : (
          <TH className="w-9 pr-0!">
            <Checkbox checked={all.checked} onCheckedChange={all.onToggle} aria-label="Select all loaded deliveries" />
          </TH>
        )}
        <TH className="w-28">Status</TH>
        <TH className="w-18">HTTP</TH>
        {hideType ? null : <TH>Event type</TH>}
        {hideWebhook ? null : <TH className={hideType ? "" : cn("md:@max-3xl:w-28", MEDIUM_UP)}>Webhook</TH>}
        <TH align="end" className={cn("w-20", WIDE_ONLY)}>
          Attempt
        </TH>
        <TH align="end" className={cn("w-22", WIDE_ONLY)}>
          Latency
        </TH>
        <TH className={cn("w-32", ROOMY_ONLY)}>Next attempt</TH>
        <TH align="end" className="w-34">
          Created
        </TH>
      </TR>
    </THead>
  );
}

/** One delivery as a row of a table; its link covers the row. */
export const DeliveryRow = memo(function DeliveryRow({
  rowIndex,
  ...props
}: DeliveryRowProps & { rowIndex?: number | undefined }) {
  const { delivery, webhookName, paused, hideWebhook = false, hideType = false, selected = false, checked } = props;
  return (
    <TR interactive selected={selected} aria-rowindex={rowIndex} data-delivery={delivery.id}>
      {checked === undefined ? null : (
        <TD className="pr-0!">
          <RowBox {...props} />
        </TD>
      )}
      <TD>
        <DeliveryStatus status={delivery.status} className="text-xs" />
      </TD>
      <TD className="text-xs">
        <Code delivery={delivery} />
      </TD>
      {hideType ? null : (
        <TD className="truncate font-mono text-xs">
          <DeliveryLink {...props}>{delivery.event_type}</DeliveryLink>
          <TriggerTag delivery={delivery} />
        </TD>
      )}
      {hideWebhook ? null : (
        <TD className={cn("truncate text-ink-muted", !hideType && MEDIUM_UP)} title={delivery.url}>
          {hideType ? <DeliveryLink {...props}>{webhookName}</DeliveryLink> : webhookName}
        </TD>
      )}
      <TD align="end" className={WIDE_ONLY}>
        <AttemptCount delivery={delivery} />
      </TD>
      <TD align="end" className={cn("text-ink-muted", WIDE_ONLY)}>
        {delivery.latency_ms === null ? "–" : formatDuration(delivery.latency_ms)}
      </TD>
      <TD className={cn("text-ink-muted", ROOMY_ONLY)}>
        <NextAttempt at={delivery.next_attempt_at} paused={paused && delivery.status === "pending"} />
      </TD>
      <TD align="end">
        <Timestamp value={delivery.created_at} />
      </TD>
    </TR>
  );
});

/** One delivery as a card, for phones. */
export function DeliveryCard(props: DeliveryRowProps) {
  const { delivery, webhookName, paused, hideWebhook = false, hideType = false, selected = false } = props;
  return (
    <div
      data-delivery={delivery.id}
      className={cn(
        "relative flex flex-col gap-1 px-4 py-3 has-[a[data-row-link]:active]:bg-hover",
        selected && "bg-accent-soft",
      )}
    >
      <div className="flex items-start justify-between gap-3">
        <span className={cn("min-w-0 break-words font-medium text-sm", !hideType && "font-mono")}>
          <DeliveryLink {...props}>{hideType ? webhookName : delivery.event_type}</DeliveryLink>
          <TriggerTag delivery={delivery} />
        </span>
        <DeliveryStatus status={delivery.status} />
      </div>
      {hideWebhook || hideType ? null : <p className="truncate text-ink-muted text-sm">{webhookName}</p>}
      <div className="flex items-center justify-between gap-3 text-ink-muted text-xs">
        <p className="flex min-w-0 flex-wrap gap-x-2 tabular-nums">
          <Code delivery={delivery} />
          <span>
            attempt <AttemptCount delivery={delivery} />
          </span>
          {delivery.latency_ms === null ? null : <span>{formatDuration(delivery.latency_ms)}</span>}
          {delivery.status === "pending" ? (
            <span>
              next <NextAttempt at={delivery.next_attempt_at} paused={paused} />
            </span>
          ) : null}
        </p>
        <Timestamp value={delivery.created_at} className="shrink-0" />
      </div>
    </div>
  );
}

function RowBox({ delivery, webhookName, checked = false, onCheck }: DeliveryRowProps) {
  return (
    <Checkbox
      checked={checked}
      aria-label={`Select ${delivery.event_type} to ${webhookName}`}
      className="z-10"
      // With Shift the browser would select text on the way.
      onMouseDown={(event) => event.shiftKey && event.preventDefault()}
      onClick={(event) => onCheck?.(delivery.id, event.shiftKey)}
    />
  );
}

/** What is not sent by the schedule says so. */
function TriggerTag({ delivery: { trigger } }: { delivery: Delivery }) {
  if (trigger === "auto") return null;
  return <Badge className="ml-2 align-middle font-sans text-2xs/[16px]">{triggerWord(trigger)}</Badge>;
}

function DeliveryLink({
  delivery,
  webhookName,
  onOpen,
  onFocus,
  selected,
  children,
}: DeliveryRowProps & { children: string }) {
  const open = (event: MouseEvent) => {
    if (onOpen === undefined || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    onOpen(delivery.id);
  };
  return (
    <RowLink
      href={deliveryHref(delivery.id)}
      prefetch={false}
      onClick={open}
      onFocus={() => onFocus?.(delivery.id)}
      aria-current={selected ? "true" : undefined}
      aria-label={`${delivery.event_type} to ${webhookName}, ${statusWord(delivery.status)}`}
      title={delivery.id}
    >
      {children}
    </RowLink>
  );
}

function Code({ delivery }: { delivery: Delivery }) {
  return (
    <HttpCode status={delivery.http_status} errorCode={delivery.error_code} errorMessage={delivery.error_message} />
  );
}

function AttemptCount({ delivery }: { delivery: Delivery }) {
  return (
    <span className="tabular-nums">
      {delivery.attempt_count}
      <span className="text-ink-muted">/{delivery.max_attempts}</span>
    </span>
  );
}
