"use client";
import { CircleCheck, LoaderCircle, RotateCw, TriangleAlert } from "lucide-react";
import { Button } from "@/components/ui/button";
import type { Price } from "@/lib/contracts/pricing";
import { describeError } from "@/store/api-error";
import { formatCredits } from "./money-words";
import { Line, PriceBreakdown } from "./price-breakdown";
import { clockLeft } from "./time-words";
import type { LiveQuote } from "./use-quote";

export type PricePanelProps = {
  /** By the rules that browser and server share, before the server has answered. */
  localPrice: Price | null;
  quote: LiveQuote;
  zone: string;
};

/** What a booking costs, how long that price stands, and whether the GPUs are free; while it is being typed. */
export function PricePanel({ localPrice, quote, zone }: PricePanelProps) {
  const price = quote.quote?.price ?? localPrice;
  return (
    <section aria-label="Price" className="flex flex-col gap-3 rounded-lg border border-line bg-surface-sunken p-4">
      <h3 className="font-medium text-ink text-sm">What it costs, in credits</h3>
      {price === null ? (
        <p className="text-ink-muted text-sm">Choose where, how many GPUs and when: the price appears here.</p>
      ) : (
        <PriceBreakdown price={price} zone={zone} />
      )}
      {quote.quote === undefined ? null : <Balance quote={quote.quote} />}
      <div role="status" className="flex flex-col gap-2 text-sm">
        <Feasibility quote={quote} hasPrice={price !== null} />
      </div>
      {quote.quote === undefined ? null : <Lock quote={quote} />}
    </section>
  );
}

function Balance({ quote: { available_micros, price } }: { quote: NonNullable<LiveQuote["quote"]> }) {
  const after = available_micros - price.total_micros;
  return (
    <dl className="flex flex-col gap-1 border-line border-t pt-3 text-sm tabular-nums">
      <Line label="Available now">{formatCredits(available_micros)}</Line>
      <Line label={after < 0 ? "Missing" : "Available afterwards"} strong>
        {formatCredits(Math.abs(after))}
      </Line>
    </dl>
  );
}

function Feasibility({ quote, hasPrice }: { quote: LiveQuote; hasPrice: boolean }) {
  if (quote.isAsking && hasPrice) {
    return (
      <p className="flex items-center gap-2 text-ink-muted">
        <LoaderCircle aria-hidden="true" className="size-4 animate-spin" />
        Looking whether they are free
      </p>
    );
  }
  if (quote.quote !== undefined) {
    return quote.quote.feasible ? (
      <p className="flex items-center gap-2 text-ink">
        <CircleCheck aria-hidden="true" className="size-4 text-positive" />
        Free at that time
      </p>
    ) : (
      <p className="flex items-center gap-2 text-caution">
        <TriangleAlert aria-hidden="true" className="size-4" />
        Not free at that time
      </p>
    );
  }
  if (!quote.hasFailed || quote.error?.status === 422) return null;
  const { title, detail } = describeError(quote.error);
  return (
    <>
      <p className="text-danger">
        {title}: {detail}
      </p>
      <Button size="sm" className="self-start" onClick={quote.renew}>
        <RotateCw aria-hidden="true" />
        Ask again
      </Button>
    </>
  );
}

function Lock({ quote }: { quote: LiveQuote }) {
  const hasRunOut = quote.leftMs === 0;
  return (
    <div className="flex flex-wrap items-center justify-between gap-2 border-line border-t pt-3 text-ink-muted text-xs">
      <span>
        {hasRunOut ? (
          "This price has run out."
        ) : (
          <>
            This price stands for{" "}
            <span role="timer" className="text-ink tabular-nums">
              {clockLeft(quote.leftMs)}
            </span>
          </>
        )}
      </span>
      <Button size="sm" variant={hasRunOut ? "primary" : "ghost"} onClick={quote.renew} loading={quote.isAsking}>
        <RotateCw aria-hidden="true" />
        Renew
      </Button>
    </div>
  );
}
