"use client";
import { CalendarPlus, OctagonAlert, ShieldX, SlidersHorizontal, Target, Trash2 } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { deliveryHref, inlineLinkClass, textLinkClass, webhookHref } from "@/components/deliveries/links";
import { CountdownWords } from "@/components/deliveries/next-attempt";
import { Checkbox } from "@/components/ui/checkbox";
import { StatusBadge } from "@/components/ui/status-badge";
import { Timestamp } from "@/components/ui/timestamp";
import { GuardedButton } from "@/components/webhooks/guarded";
import { UrlText } from "@/components/webhooks/url-text";
import { nameOf } from "@/components/webhooks/words";
import type { EventVerdict, Verdict } from "@/lib/contracts/verdicts";
import { nowWords, sendBlock, sendWord, verdictTone, verdictWord } from "./verdict-words";

const ICONS: Partial<Record<Verdict, ReactNode>> = {
  blocked: <ShieldX />,
  missing: <OctagonAlert />,
  application: <SlidersHorizontal />,
  environment: <SlidersHorizontal />,
  labels: <SlidersHorizontal />,
  payload: <SlidersHorizontal />,
  created_later: <CalendarPlus />,
  deleted: <Trash2 />,
  addressed_to_another: <Target />,
  about_itself: <Target />,
};

export type VerdictRowProps = {
  verdict: EventVerdict;
  mayRetry: boolean;
  selected: boolean;
  onSelect: (selected: boolean) => void;
  onSend: () => void;
};

/** One webhook: whether it got the event, the clause that decided, and sending it all the same. */
export function VerdictRow({ verdict: row, mayRetry, selected, onSelect, onSend }: VerdictRowProps) {
  const { webhook, verdict, delivery } = row;
  const name = nameOf(webhook);
  const blocked = sendBlock(row, mayRetry);
  const gone = webhook.status === "deleted";
  const now = nowWords(row);
  return (
    <li
      data-webhook={webhook.id}
      data-verdict={verdict}
      className="grid grid-cols-[1.25rem_minmax(0,1fr)] gap-x-3 gap-y-1.5 px-4 py-3 md:grid-cols-[1.25rem_9.75rem_minmax(0,2fr)_minmax(0,4fr)_10.5rem] md:items-start"
    >
      <span className="pt-0.5">
        <Checkbox
          aria-label={`Select ${name}`}
          checked={selected}
          disabled={blocked !== undefined}
          onCheckedChange={(checked) => onSelect(checked === true)}
        />
      </span>
      <span className="text-sm">
        <StatusBadge tone={verdictTone(verdict)} icon={ICONS[verdict]}>
          {verdictWord(verdict)}
        </StatusBadge>
      </span>
      <div className="min-w-0 text-sm max-md:col-start-2">
        <p className="font-medium [overflow-wrap:anywhere]">
          {gone ? (
            name
          ) : (
            <Link href={webhookHref(webhook.id)} prefetch={false} className="hover:underline hover:underline-offset-4">
              {name}
            </Link>
          )}
        </p>
        <p className="truncate text-ink-muted text-xs" title={webhook.url}>
          {gone && verdict !== "deleted" ? "Deleted since" : <UrlText url={webhook.url} />}
        </p>
      </div>
      <div className="min-w-0 text-ink-muted text-sm [overflow-wrap:anywhere] max-md:col-start-2">
        <p>
          {row.detail} <Moments verdict={row} />
        </p>
        {now === null ? null : <p className="text-xs">{now}</p>}
      </div>
      <div className="flex items-center gap-3 max-md:col-start-2 max-md:pt-1 md:justify-end">
        {delivery === null ? null : (
          <Link
            href={deliveryHref(delivery.id)}
            prefetch={false}
            aria-label={`Delivery to ${name}`}
            className={`${textLinkClass} text-sm`}
          >
            Delivery
          </Link>
        )}
        {gone ? null : (
          <GuardedButton size="sm" blocked={blocked} onClick={onSend} aria-label={`${sendWord(row)} to ${name}`}>
            {sendWord(row)}
          </GuardedButton>
        )}
      </div>
    </li>
  );
}

/** The moments that belong to the sentence, in the reader's zone, and the delivery that goes first. */
function Moments({ verdict: { since, until, waits_behind } }: { verdict: EventVerdict }) {
  return (
    <>
      {since === null ? null : (
        <span className="whitespace-nowrap">
          Since <Timestamp value={since} date="always" />.
        </span>
      )}
      {until === null ? null : (
        <span className="whitespace-nowrap">
          Next:{" "}
          <Timestamp value={until}>
            <CountdownWords at={until} />
          </Timestamp>
          .
        </span>
      )}
      {waits_behind === null ? null : (
        <Link href={deliveryHref(waits_behind)} prefetch={false} className={inlineLinkClass}>
          See the one in front
        </Link>
      )}
    </>
  );
}
