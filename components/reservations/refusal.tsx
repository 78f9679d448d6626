"use client";
import { CalendarX, Layers, ShieldCheck, User, Users, Wrench, ZapOff } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { inlineLinkClass } from "@/components/deliveries/links";
import { Alert } from "@/components/ui/alert";
import type { Blocker, Offer } from "@/lib/contracts/availability";
import { reservationHref } from "./links";
import { OfferCard, type OfferCardProps } from "./offer-card";
import type { Asked } from "./offer-words";
import { momentWords, rangeWords } from "./time-words";
import { BLOCKER_WORDS, gpusWords } from "./words";

const ICONS: Readonly<Record<Blocker["kind"], ReactNode>> = {
  mine: <User />,
  team: <Users />,
  others: <CalendarX />,
  maintenance: <Wrench />,
  outage: <ZapOff />,
  reserve: <ShieldCheck />,
  capacity: <Layers />,
  fragmentation: <Layers />,
};

export type RefusalProps = {
  blockers: readonly Blocker[];
  alternatives: readonly Offer[];
  /** When the same could start first; null: not within the pool's horizon; undefined: not known. */
  earliest?: string | null | undefined;
  asked: Asked | null;
  zone: string;
  /** The offer that is being taken. */
  taking: Offer | null;
  onTake: (offer: Offer) => void;
  onAdjust?: ((offer: Offer) => void) | undefined;
  disabled?: boolean | undefined;
  /** More that can be done: the waiting list. */
  actions?: ReactNode | undefined;
} & Pick<OfferCardProps, "verb">;

/** Why the GPUs cannot be booked as asked, when they first can, and what can be booked instead. */
export function Refusal({ blockers, alternatives, earliest, asked, zone, actions, ...offers }: RefusalProps) {
  return (
    <div className="flex flex-col gap-3">
      <Alert tone="caution" title="These GPUs are not free at that time" live actions={actions}>
        {blockers.length === 0 ? null : (
          <ul aria-label="What is in the way" className="mt-1 flex flex-col gap-1.5">
            {blockers.map((blocker) => (
              <BlockerLine
                key={`${blocker.kind} ${blocker.reservation_id} ${blocker.starts_at} ${blocker.note}`}
                blocker={blocker}
                zone={zone}
              />
            ))}
          </ul>
        )}
        {earliest === undefined ? null : (
          <p className="mt-2 text-ink">
            {earliest === null
              ? "The same does not fit anywhere within the time that can be booked."
              : `The same first fits on ${momentWords(Date.parse(earliest), zone)}.`}
          </p>
        )}
      </Alert>
      <Offers title="What can be booked instead" offers={alternatives} asked={asked} zone={zone} {...offers} />
    </div>
  );
}

type OffersProps = Pick<RefusalProps, "asked" | "zone" | "taking" | "onTake" | "onAdjust" | "disabled" | "verb"> & {
  title: string;
  offers: readonly Offer[];
};

/** Offers under a title; nothing when there are none. */
export function Offers({ title, offers, asked, zone, taking, onTake, onAdjust, disabled, verb }: OffersProps) {
  if (offers.length === 0) return null;
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <h3 className="font-medium text-ink text-sm">{title}</h3>
      <ul className="flex flex-col gap-2">
        {offers.map((offer) => (
          <OfferCard
            key={`${offer.pool_id} ${offer.starts_at} ${offer.ends_at} ${offer.gpu_count} ${offer.topology} ${offer.kinds.join()}`}
            offer={offer}
            asked={asked}
            zone={zone}
            verb={verb}
            onTake={() => onTake(offer)}
            onAdjust={onAdjust === undefined ? undefined : () => onAdjust(offer)}
            isTaking={taking === offer}
            disabled={disabled === true || (taking !== null && taking !== offer)}
          />
        ))}
      </ul>
    </section>
  );
}

function BlockerLine({ blocker, zone }: { blocker: Blocker; zone: string }) {
  const { kind, reservation_id, gpu_count, starts_at, ends_at, note } = blocker;
  const when =
    starts_at !== null && ends_at !== null ? rangeWords(Date.parse(starts_at), Date.parse(ends_at), zone) : null;
  return (
    <li className="flex items-start gap-2 text-ink">
      <span aria-hidden="true" className="mt-0.5 flex text-ink-muted [&_svg]:size-3.5">
        {ICONS[kind]}
      </span>
      <span className="min-w-0">
        {/* What no time changes is told by its note alone. */}
        {when === null ? note : `${BLOCKER_WORDS[kind]}, ${gpusWords(gpu_count)}, ${when}`}
        {reservation_id === null ? null : (
          <>
            {" "}
            <Link href={reservationHref(reservation_id)} className={inlineLinkClass}>
              Open
            </Link>
          </>
        )}
      </span>
    </li>
  );
}
