"use client";
import { LoaderCircle, Shuffle } from "lucide-react";
import type { ReactNode } from "react";
import { formatNumber } from "@/components/ui/format";
import type { Price } from "@/lib/contracts/pricing";
import type { ReservationPreview } from "@/lib/contracts/reservations";
import { formatCredits } from "./money-words";
import { Line, PriceBreakdown } from "./price-breakdown";
import { SettlementView } from "./settlement-view";

export type PreviewPanelProps = {
  title: string;
  /** The price that it has now. */
  price: Price;
  /** What would be; undefined while there is nothing to show. */
  preview: ReservationPreview | undefined;
  isAsking: boolean;
  /** Instead of the preview while nothing is asked for. */
  empty: string;
  zone: string;
  children?: ReactNode | undefined;
};

/** What a change would cost or give back, before it is made. */
export function PreviewPanel({ title, price, preview, isAsking, empty, zone, children }: PreviewPanelProps) {
  return (
    <section
      aria-label={title}
      className="flex min-w-0 flex-col gap-3 rounded-lg border border-line bg-surface-sunken p-4"
    >
      <h3 className="flex items-center justify-between gap-2 font-medium text-ink text-sm">
        {title}
        <span role="status" className="flex items-center gap-1.5 font-normal text-ink-muted text-xs">
          {isAsking ? (
            <>
              <LoaderCircle aria-hidden="true" className="size-3.5 animate-spin" />
              Working it out
            </>
          ) : null}
        </span>
      </h3>
      {preview === undefined ? (
        <>
          <dl className="flex flex-col gap-1 text-sm tabular-nums">
            <Line label="Price now">{formatCredits(price.total_micros)}</Line>
          </dl>
          <p className="text-ink-muted text-sm">{empty}</p>
        </>
      ) : (
        <>
          <dl className="flex flex-col gap-1 text-sm tabular-nums">
            <Line label="Price so far">{formatCredits(price.total_micros)}</Line>
          </dl>
          <PriceBreakdown price={preview.reservation.price} zone={zone} />
          <div className="border-line border-t pt-3">
            <SettlementView settlement={preview.settlement} />
          </div>
          {preview.moved === 0 ? null : (
            <p className="flex items-start gap-2 text-ink-muted text-xs">
              <Shuffle aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
              {movedWords(preview.moved)}
            </p>
          )}
          {children}
        </>
      )}
    </section>
  );
}

function movedWords(count: number): string {
  const bookings = count === 1 ? "One booking moves" : `${formatNumber(count)} bookings move`;
  return `${bookings} to like GPUs of the pool to make room. Nobody loses anything.`;
}
