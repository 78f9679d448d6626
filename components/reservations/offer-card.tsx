"use client";
import { ArrowRight, Server } from "lucide-react";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import type { Offer } from "@/lib/contracts/availability";
import { formatCredits } from "./money-words";
import { type Asked, differencesOf, priceDifference } from "./offer-words";
import { lengthWords, rangeWords } from "./time-words";
import { gpusWords, OFFER_WORDS } from "./words";

export type OfferCardProps = {
  offer: Offer;
  /** What was asked for, to say how it differs. */
  asked: Asked | null;
  zone: string;
  /** What taking it does: "Book", "Hold", "Use these times". */
  verb: string;
  onTake: () => void;
  /** Fills the form with it instead. */
  onAdjust?: (() => void) | undefined;
  isTaking: boolean;
  disabled?: boolean | undefined;
};

/** Something that can be booked as it stands, with one press. */
export function OfferCard({ offer, asked, zone, verb, onTake, onAdjust, isTaking, disabled = false }: OfferCardProps) {
  const from = Date.parse(offer.starts_at);
  const to = Date.parse(offer.ends_at);
  const differences = asked === null ? [] : differencesOf(offer, asked, zone);
  const difference = asked === null ? null : priceDifference(offer, asked);
  const what = gpusWords(offer.gpu_count, offer.gpu_type);
  return (
    <li className="flex flex-col gap-2 rounded-lg border border-line bg-surface p-3 sm:flex-row sm:items-center sm:gap-4">
      <div className="flex min-w-0 flex-1 flex-col gap-1">
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
          {offer.kinds.map((kind) => (
            <Badge key={kind} tone="accent">
              {OFFER_WORDS[kind]}
            </Badge>
          ))}
          <span className="font-medium text-ink text-sm">
            {what} · {offer.pool_name}
          </span>
          {offer.single_node ? (
            <span className="inline-flex items-center gap-1 text-ink-muted text-xs">
              <Server aria-hidden="true" className="size-3" />
              one machine
            </span>
          ) : null}
        </p>
        <p className="text-ink-muted text-sm tabular-nums">
          {rangeWords(from, to, zone)} · {lengthWords(to - from)}
        </p>
        {differences.length === 0 ? null : <p className="text-ink text-xs">{sentence(differences)}</p>}
      </div>
      <div className="flex shrink-0 flex-wrap items-center justify-between gap-2 sm:flex-col sm:items-end">
        <p className="text-sm tabular-nums">
          <span className="font-semibold text-ink">{formatCredits(offer.price.total_micros)}</span>
          <span className="text-ink-muted"> credits</span>
          {difference === null ? null : <span className="block text-ink-muted text-xs sm:text-end">{difference}</span>}
        </p>
        <span className="flex gap-1.5">
          {onAdjust === undefined ? null : (
            <Button
              size="sm"
              variant="ghost"
              onClick={onAdjust}
              aria-label={`Adjust: ${what} ${rangeWords(from, to, zone)}`}
            >
              Adjust
            </Button>
          )}
          <Button
            size="sm"
            variant="primary"
            onClick={onTake}
            loading={isTaking}
            disabled={disabled}
            aria-label={`${verb}: ${what}, ${offer.pool_name}, ${rangeWords(from, to, zone)}, ${formatCredits(offer.price.total_micros)} credits`}
          >
            {verb}
            <ArrowRight aria-hidden="true" />
          </Button>
        </span>
      </div>
    </li>
  );
}

/** The differences as a sentence: `Starts 3 h later, 48 h instead of 72 h.` */
function sentence(parts: readonly string[]): string {
  const text = parts.join(", ");
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
