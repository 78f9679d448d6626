import type { ReactNode } from "react";
import { cn } from "@/components/ui/cn";
import { formatNumber } from "@/components/ui/format";
import type { Price } from "@/lib/contracts/pricing";
import { bpsWords, formatCredits } from "./money-words";
import { rangeWords } from "./time-words";
import { gpusWords } from "./words";

/** How a price comes about, line by line; amounts in credits, to the right. */
export function PriceBreakdown({ price, zone }: { price: Price; zone: string }) {
  return (
    <dl className="flex flex-col gap-1 text-sm tabular-nums">
      {price.lines.length > 1
        ? price.lines.map((line) => (
            <Line
              key={line.starts_at}
              label={`${gpusWords(line.gpu_count)}, ${rangeWords(Date.parse(line.starts_at), Date.parse(line.ends_at), zone)}`}
              quiet
            >
              {formatCredits(line.list_micros)}
            </Line>
          ))
        : null}
      <Line label={`${hoursWords(price.gpu_minutes)} × ${formatCredits(price.rate_micros_per_gpu_hour)}`}>
        {formatCredits(price.list_micros)}
      </Line>
      <Line label={`Discount ${bpsWords(price.discount_bps)}`} note={discountReason(price)}>
        {formatCredits(-price.discount_micros)}
      </Line>
      <Line label="Total" strong>
        {formatCredits(price.total_micros)}
      </Line>
    </dl>
  );
}

type LineProps = {
  label: ReactNode;
  note?: string | undefined;
  strong?: boolean;
  quiet?: boolean;
  children: ReactNode;
};

/** A name and an amount. */
export function Line({ label, note, strong = false, quiet = false, children }: LineProps) {
  return (
    <div
      className={cn(
        "flex items-baseline justify-between gap-4",
        strong && "border-line border-t pt-1 font-semibold text-ink",
      )}
    >
      <dt className={cn("min-w-0", quiet ? "text-ink-muted text-xs" : strong ? "text-ink" : "text-ink-muted")}>
        {label}
        {note === undefined ? null : <span className="block text-ink-muted text-xs">{note}</span>}
      </dt>
      <dd className={cn("shrink-0 text-end", quiet && "text-ink-muted text-xs")}>{children}</dd>
    </div>
  );
}

/** `576 GPU-hours`, to the minute */
function hoursWords(gpuMinutes: number): string {
  return `${formatNumber(gpuMinutes / 60)} GPU-hours`;
}

/** Why a price has the discount that it has. */
export function discountReason({ discount_bps, discount }: Price): string {
  const { duration_hours, duration_bps, lead_hours, lead_bps, kept_bps } = discount;
  if (kept_bps !== null && kept_bps === discount_bps && kept_bps > duration_bps + lead_bps) {
    return "Kept from before: a change never worsens it.";
  }
  const parts = [`${bpsWords(duration_bps)} for ${formatNumber(duration_hours)} h`];
  if (lead_bps > 0) parts.push(`${bpsWords(lead_bps)} for ${formatNumber(lead_hours)} h ahead`);
  const sum = duration_bps + lead_bps;
  const bound = discount_bps > sum ? "; the least is given" : discount_bps < sum ? "; the most is given" : "";
  return `${parts.join(" and ")}${bound}`;
}
