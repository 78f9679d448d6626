"use client";
import Link from "next/link";
import { useState } from "react";
import { inlineLinkClass } from "@/components/deliveries/links";
import { useProject } from "@/components/shell/project-context";
import { Alert } from "@/components/ui/alert";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { toast } from "@/components/ui/toast";
import { useNow } from "@/components/ui/use-now";
import { GuardedButton } from "@/components/webhooks/guarded";
import { WAITLIST_LIMITS, type WaitlistEntry } from "@/lib/contracts/waitlist";
import { describeError, isApiError } from "@/store/api-error";
import { useAcceptOfferMutation, useDeclineOfferMutation } from "@/store/waitlist-api";
import { reservationHref } from "../links";
import { creditsWords } from "../money-words";
import { clockLeft, lengthWords, rangeWords } from "../time-words";
import { gpusWords, writeBlock } from "../words";

type Offer = NonNullable<WaitlistEntry["offer"]>;

/** What an entry is offered, for how much longer, and the two answers to it. */
export function OfferBox({ entry, offer, zone }: { entry: WaitlistEntry; offer: Offer; zone: string }) {
  const { project, can } = useProject();
  const now = useNow();
  const [accept, accepting] = useAcceptOfferMutation();
  const [decline] = useDeclineOfferMutation();
  const [isAsking, setIsAsking] = useState(false);
  const one = { projectId: project.id, entryId: entry.id };
  const blocked = writeBlock(can);
  const left = Date.parse(offer.hold_expires_at) - (now ?? Date.now());
  const from = Date.parse(offer.starts_at);
  const to = Date.parse(offer.ends_at);
  if (left <= 0) {
    return (
      <Alert tone="caution" live title="This offer has run out">
        The GPUs and the credits are free again.{" "}
        {entry.offers < WAITLIST_LIMITS.offers ? "It waits on." : "It was the last one."}
      </Alert>
    );
  }
  const isLast = entry.offers >= WAITLIST_LIMITS.offers;
  return (
    <Alert
      tone="positive"
      live
      title={`${gpusWords(offer.gpu_count, offer.gpu_type)} in ${offer.pool_name} are held for you`}
      actions={
        <>
          <GuardedButton
            variant="primary"
            blocked={blocked}
            loading={accepting.isLoading}
            onClick={async () => {
              try {
                await accept(one).unwrap();
                toast.success("Booked", {
                  description: `${gpusWords(offer.gpu_count, offer.gpu_type)}, ${rangeWords(from, to, zone)}`,
                });
              } catch (error) {
                tell(error);
              }
            }}
          >
            Accept for {creditsWords(offer.price.total_micros)}
          </GuardedButton>
          <GuardedButton blocked={blocked} onClick={() => setIsAsking(true)}>
            Decline
          </GuardedButton>
        </>
      }
    >
      <p className="text-ink tabular-nums">
        {rangeWords(from, to, zone)} · {lengthWords(to - from)}
      </p>
      <p>
        For another{" "}
        <span role="timer" aria-label="Time left to accept" className="font-medium text-ink tabular-nums">
          {clockLeft(left)}
        </span>
        .{" "}
        <Link href={reservationHref(offer.reservation_id)} className={inlineLinkClass}>
          See the held reservation
        </Link>
      </p>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setIsAsking}
        title="Give these GPUs back?"
        description={
          isLast
            ? "They go to whoever waits next. This was the last offer: the entry is over."
            : "They go to whoever waits next. The entry waits on, and the same start in the same pool is not offered again."
        }
        confirmLabel="Decline the offer"
        cancelLabel="Keep it"
        onConfirm={() => decline(one).unwrap()}
        describeError={(error) => describeError(isApiError(error) ? error : undefined).detail}
      />
    </Alert>
  );
}

function tell(error: unknown) {
  const { title, detail, requestId } = describeError(isApiError(error) ? error : undefined);
  toast.error(title, { description: detail, ...(requestId === null ? {} : { requestId }) });
}
