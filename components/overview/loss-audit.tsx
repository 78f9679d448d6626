import { OctagonAlert, ShieldCheck } from "lucide-react";
import Link from "next/link";
import { deliveriesHref } from "@/components/deliveries/links";
import { Card } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { formatNumber } from "@/components/ui/format";
import type { DeliveryOverview } from "@/lib/contracts/deliveries";

/** accepted = delivered + pending + failed + cancelled: that nothing was lost, as a sum that anybody can check. */
export function LossAudit({ overview }: { overview: DeliveryOverview }) {
  const { accepted, unaccounted, window_hours: hours } = overview;
  const lost = unaccounted !== 0;
  const Icon = lost ? OctagonAlert : ShieldCheck;
  return (
    <Card>
      <section aria-labelledby="loss-audit" className="flex flex-col gap-5 p-5">
        <div className="flex items-start gap-3">
          <Icon aria-hidden="true" className={cn("mt-0.5 size-5 shrink-0", lost ? "text-danger" : "text-positive")} />
          <div className="min-w-0">
            <h2 id="loss-audit" className={cn("font-semibold text-base", lost ? "text-danger" : "text-ink")}>
              {statement(overview)}
            </h2>
            <p className="max-w-prose text-ink-muted text-sm">
              {lost
                ? "The statuses do not add up to what was accepted. Please report this with the version you run."
                : accepted === 0
                  ? `No delivery was accepted in the last ${hours} hours.`
                  : `Counted from the log itself: every delivery accepted in the last ${hours} hours, by what became of it.`}
            </p>
          </div>
        </div>
        <dl className="grid grid-cols-2 gap-x-4 gap-y-4 sm:flex sm:flex-wrap sm:items-end">
          {termsOf(overview).map(({ label, value, href, sign, alarming }) => (
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
        {accepted === 0 ? null : <ShareBar overview={overview} />}
      </section>
    </Card>
  );
}

/** The same sum as a picture; the figures above say it to everybody. */
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

function statement({ accepted, unaccounted }: DeliveryOverview): string {
  if (unaccounted !== 0) {
    return `${formatNumber(unaccounted)} of ${formatNumber(accepted)} deliveries unaccounted for`;
  }
  if (accepted === 0) return "Nothing lost: 0 deliveries unaccounted for";
  return `Nothing lost: all ${formatNumber(accepted)} deliveries accounted for, 0 unaccounted`;
}

function termsOf({ accepted, delivered, pending, failed, cancelled, window_hours }: DeliveryOverview) {
  const log = (status?: string) =>
    deliveriesHref({ range: `${window_hours}h`, ...(status === undefined ? {} : { status }) });
  return [
    { label: "Accepted", value: accepted, href: log() },
    { label: "Delivered", value: delivered, href: log("delivered"), sign: "=" },
    { label: "Pending", value: pending, href: log("pending,delivering"), sign: "+" },
    { label: "Failed", value: failed, href: log("failed"), sign: "+", alarming: failed > 0 },
    { label: "Cancelled", value: cancelled, href: log("cancelled"), sign: "+" },
  ];
}
