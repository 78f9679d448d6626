"use client";
import { Hourglass } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { inlineLinkClass } from "@/components/deliveries/links";
import { useProject } from "@/components/shell/project-context";
import { ConfirmDialog } from "@/components/ui/confirm-dialog";
import { RelativeTime } from "@/components/ui/relative-time";
import { StatusBadge } from "@/components/ui/status-badge";
import { toast } from "@/components/ui/toast";
import { GuardedButton } from "@/components/webhooks/guarded";
import { WAITLIST_LIMITS, type WaitlistEntry } from "@/lib/contracts/waitlist";
import { describeError, isApiError } from "@/store/api-error";
import { useLeaveWaitlistMutation } from "@/store/waitlist-api";
import { reservationHref } from "../links";
import { momentWords } from "../time-words";
import { writeBlock } from "../words";
import { OfferBox } from "./offer-box";
import { usePlaceNames } from "./use-place-names";
import { criteriaDetails, criteriaTitle, ENTRY_WORDS } from "./words";

/** One standing request: what it waits for, and what it is offered. */
export function EntryCard({ entry, zone }: { entry: WaitlistEntry; zone: string }) {
  const nameOf = usePlaceNames();
  const { word, tone } = ENTRY_WORDS[entry.status];
  const isOpen = entry.status === "waiting" || entry.status === "offered";
  const title = criteriaTitle(entry.criteria, nameOf);
  return (
    <li aria-label={title} className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-start justify-between gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-60">
          <p className="flex flex-wrap items-center gap-x-3 gap-y-1 font-medium text-ink text-sm">
            {title}
            <StatusBadge tone={tone} icon={tone === "caution" ? <Hourglass /> : undefined}>
              {word}
            </StatusBadge>
          </p>
          <p className="text-ink-muted text-sm">{criteriaDetails(entry.criteria, nameOf, zone)}</p>
          <p className="text-ink-muted text-xs">
            {entry.mine ? "You" : entry.created_by.name}, <RelativeTime value={entry.created_at} />
            {isOpen ? ` · waits until ${momentWords(Date.parse(entry.until), zone)}` : ""}
            {entry.offers === 0 ? "" : ` · ${entry.offers} of ${WAITLIST_LIMITS.offers} offers`}
          </p>
        </div>
        {isOpen ? <Leave entry={entry} title={title} /> : null}
      </div>
      {entry.note === null ? null : <p className="text-caution text-sm">{entry.note}</p>}
      {entry.offer === null ? null : <OfferBox entry={entry} offer={entry.offer} zone={zone} />}
      {entry.status === "accepted" && entry.reservation_id !== null ? (
        <Link href={reservationHref(entry.reservation_id)} className={`${inlineLinkClass} self-start text-sm`}>
          See the reservation
        </Link>
      ) : null}
    </li>
  );
}

function Leave({ entry, title }: { entry: WaitlistEntry; title: string }) {
  const { project, can } = useProject();
  const [leave] = useLeaveWaitlistMutation();
  const [isAsking, setIsAsking] = useState(false);
  return (
    <>
      <GuardedButton
        size="sm"
        blocked={writeBlock(can)}
        aria-label={`Leave the list: ${title}`}
        onClick={() => setIsAsking(true)}
      >
        Leave the list
      </GuardedButton>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setIsAsking}
        title="Leave the waiting list?"
        description={
          entry.offer === null
            ? "Its place in the line is lost. Whoever joins again waits behind all others."
            : "What is held for it is given back, and its place in the line is lost."
        }
        confirmLabel="Leave the list"
        cancelLabel="Wait on"
        onConfirm={async () => {
          await leave({ projectId: project.id, entryId: entry.id }).unwrap();
          toast.success("Left the waiting list", { description: title });
        }}
        describeError={(error) => describeError(isApiError(error) ? error : undefined).detail}
      />
    </>
  );
}
