"use client";
import type { ReactNode } from "react";
import { FormError } from "@/components/accounts/form-alert";
import type { Offer } from "@/lib/contracts/availability";
import { PlanNotice, ShortfallNotice } from "./notices";
import type { Asked } from "./offer-words";
import { Refusal } from "./refusal";
import type { Booking } from "./use-booking";
import type { LiveQuote } from "./use-quote";

export type BookingRefusalProps = {
  /** Why pressing the button did not book. */
  refusal: Booking["refusal"];
  /** What the quote says before anything is pressed. */
  quote: LiveQuote | null;
  asked: Asked | null;
  zone: string;
  verb: string;
  taking: Offer | null;
  onTake: (offer: Offer) => void;
  onAdjust: (offer: Offer) => void;
  disabled: boolean;
  actions?: ReactNode | undefined;
};

/** Why a booking cannot be had as asked, with what mends it; nothing when nothing is in the way. */
export function BookingRefusal({ refusal, quote, asked, ...offers }: BookingRefusalProps) {
  const problem = refusal?.error?.problem ?? null;
  if (refusal !== null && problem?.code === "capacity_unavailable") {
    return (
      <Refusal
        key={refusal.attempt}
        blockers={problem.blockers ?? []}
        alternatives={problem.alternatives ?? []}
        earliest={problem.earliest_starts_at}
        asked={asked}
        {...offers}
      />
    );
  }
  if (refusal !== null) {
    if (problem?.code === "insufficient_credits") {
      return <ShortfallNotice key={refusal.attempt} shortfallMicros={problem.shortfall_micros ?? null} live />;
    }
    if (problem?.code === "plan_required") return <PlanNotice />;
    return <FormError key={refusal.attempt} error={refusal.error} />;
  }
  const known = quote?.quote;
  if (known === undefined) return null;
  return (
    <>
      {known.feasible ? null : (
        <Refusal
          blockers={known.blockers}
          alternatives={known.alternatives}
          asked={asked === null ? null : { ...asked, totalMicros: known.price.total_micros }}
          {...offers}
        />
      )}
      {known.affordable ? null : (
        <ShortfallNotice shortfallMicros={Math.max(0, known.price.total_micros - known.available_micros)} />
      )}
    </>
  );
}
