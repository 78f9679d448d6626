import Link from "next/link";
import { deliveriesHref, eventsHref } from "@/components/deliveries/links";
import { Card } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { formatNumber } from "@/components/ui/format";
import type { DeliveryOverview } from "@/lib/contracts/deliveries";
import { AuditHeading } from "./audit-heading";

/**
 * events = sent + filtered, and deliveries = delivered + pending + failed + cancelled: that nothing was lost, as sums that
 * anybody can check.
 */
export function LossAudit({ overview }: { overview: DeliveryOverview }) {
  const { accepted, events, unaccounted, missing, rejudged_events: rejudged, window_hours: hours } = overview;
  const wrong = unaccounted !== 0 || missing !== 0;
  return (
    <Card>
      <section aria-labelledby="loss-audit" className="flex flex-col gap-5 p-5">
        <AuditHeading id="loss-audit" wrong={wrong} title={statement(overview)}>
          {wrong
            ? "What the log holds is not what the events should have. An event's page names the webhook whose delivery is missing and can send it again. Please report this with the version you run."
            : events === 0
              ? `No event was accepted in the last ${hours} hours.`
              : `Each event of the last ${hours} hours says how many deliveries it was given; the log itself is counted against that, event by event.${rejudgedWords(rejudged)}`}
        </AuditHeading>
        <Sum terms={eventTerms(overview)} />
        <Sum terms={deliveryTerms(overview)} />
        {accepted === 0 ? null : <ShareBar overview={overview} />}
      </section>
    </Card>
  );
}

type Term = { label: string; value: number; href: string; sign?: string; alarming?: boolean };

function Sum({ terms }: { terms: readonly Term[] }) {
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-4 sm:flex sm:flex-wrap sm:items-end">
      {terms.map(({ label, value, href, sign, alarming }) => (
        <div
          key={label}
          data-sign={sign}
          className="relative min-w-16 sm:data-sign:pl-7 sm:data-sign:before:absolute sm:data-sign:before:bottom-0.5 sm:data-sign:before:left-2 sm:data-sign:before:text-ink-faint sm:data-sign:before:content-[attr(data-sign)]"
        >
          <dt className="text-ink-muted text-xs">{label}</dt>
          <dd className={cn("font-medium text-xl tabular-nums", alarming ? "text-danger" : "text-ink")}>
            <Link href={href} className="rounded underline-offset-4 hover:underline">
              {formatNumber(value)}
            </Link>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** The second sum as a picture; the figures above say it to everybody. */
function ShareBar({ overview: { delivered, pending, failed, cancelled } }: { overview: DeliveryOverview }) {
  const parts = [
    { name: "delivered", value: delivered, className: "bg-positive-fill" },
    {
      name: "pending",
      value: pending,
      className: "bg-[repeating-linear-gradient(90deg,var(--accent-fill)_0_2px,transparent_2px_5px)]",
    },
    {
      name: "failed",
      value: failed,
      className: "bg-[repeating-linear-gradient(135deg,var(--danger-fill)_0_3px,var(--surface)_3px_5px)]",
    },
    { name: "cancelled", value: cancelled, className: "bg-control" },
  ].filter(({ value }) => value > 0);
  return (
    <div aria-hidden="true" className="flex h-2 gap-px overflow-hidden rounded-full bg-surface-sunken">
      {parts.map(({ name, value, className }) => (
        <div key={name} className={cn("min-w-1.5", className)} style={{ flexGrow: value }} />
      ))}
    </div>
  );
}

function statement({ accepted, events, lost, surplus, missing }: DeliveryOverview): string {
  const wrong = [
    ...(lost > 0 ? [`${formatNumber(lost)} of ${countOf(accepted, "delivery", "deliveries")} unaccounted for`] : []),
    ...(surplus > 0 ? [`${countOf(surplus, "delivery", "deliveries")} in the log that no event was given`] : []),
    ...(missing > 0 ? [`${countOf(missing, "delivery", "deliveries")} of the newest events missing`] : []),
  ];
  if (wrong.length > 0) return wrong.join("; ");
  if (events === 0) return "Nothing lost: 0 deliveries unaccounted for";
  return `Nothing lost: ${countOf(accepted, "delivery", "deliveries")} of ${countOf(events, "event", "events")} accounted for, 0 unaccounted`;
}

/** Whether the right webhooks got it, which sums cannot tell. */
function rejudgedWords(events: number): string {
  if (events === 0) return "";
  const newest = events === 1 ? "The newest event was" : `The ${formatNumber(events)} newest events were`;
  return ` ${newest} judged anew: no webhook that has not changed since lacks what it asked for.`;
}

function countOf(count: number, one: string, many: string): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}

function eventTerms({ events, filtered }: DeliveryOverview): Term[] {
  return [
    { label: "Events accepted", value: events, href: eventsHref({}) },
    { label: "Sent to webhooks", value: events - filtered, href: eventsHref({ outcome: "sent" }), sign: "=" },
    { label: "Filtered: nobody asked", value: filtered, href: eventsHref({ outcome: "filtered" }), sign: "+" },
  ];
}

function deliveryTerms({ accepted, delivered, pending, failed, cancelled, ...overview }: DeliveryOverview): Term[] {
  const { lost, surplus, window_hours } = overview;
  const log = (status?: string) =>
    deliveriesHref({ range: `${window_hours}h`, ...(status === undefined ? {} : { status }) });
  const sent = eventsHref({ outcome: "sent" });
  return [
    { label: "Their deliveries", value: accepted, href: log() },
    { label: "Delivered", value: delivered, href: log("delivered"), sign: "=" },
    { label: "Pending", value: pending, href: log("pending,delivering"), sign: "+" },
    { label: "Failed", value: failed, href: log("failed"), sign: "+", alarming: failed > 0 },
    { label: "Cancelled", value: cancelled, href: log("cancelled"), sign: "+" },
    ...(lost === 0 ? [] : [{ label: "Lost", value: lost, href: sent, sign: "+", alarming: true }]),
    ...(surplus === 0 ? [] : [{ label: "Surplus", value: surplus, href: sent, sign: "−", alarming: true }]),
  ];
}
