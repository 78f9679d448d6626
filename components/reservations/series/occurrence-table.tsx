"use client";
import { Clock } from "lucide-react";
import Link from "next/link";
import { inlineLinkClass } from "@/components/deliveries/links";
import { StatusBadge } from "@/components/ui/status-badge";
import { Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import type { Blocker } from "@/lib/contracts/availability";
import type { SeriesOccurrence, SeriesRule } from "@/lib/contracts/series";
import { reservationHref } from "../links";
import { formatCredits } from "../money-words";
import { rangeWords } from "../time-words";
import { BLOCKER_WORDS, gpusWords } from "../words";
import { clockNotes, OUTCOME_WORDS, occurrenceWords } from "./words";

type OccurrenceTableProps = {
  occurrences: readonly (Omit<SeriesOccurrence, "blockers" | "price" | "pool_id"> &
    Partial<Pick<SeriesOccurrence, "blockers" | "price">>)[];
  rule: SeriesRule;
  label: string;
  /** Whether each that cannot be booked is left out; otherwise it keeps all others from being booked. */
  skips: boolean;
};

/** Each occurrence: when, what a change of clocks does to it, whether it can be booked, and its price. */
export function OccurrenceTable({ occurrences, rule, label, skips }: OccurrenceTableProps) {
  const zone = rule.anchor === "utc" ? "UTC" : rule.time_zone;
  const hasPrices = occurrences.some(({ price }) => price !== undefined);
  return (
    <Table label={label}>
      <THead>
        <TR>
          <TH align="end">No.</TH>
          <TH>When</TH>
          <TH>Outcome</TH>
          {hasPrices ? <TH align="end">Credits</TH> : null}
        </TR>
      </THead>
      <TBody>
        {occurrences.map((occurrence) => {
          const { number, outcome, reason, blockers = [], price } = occurrence;
          const { local, utc } = occurrenceWords(occurrence, zone);
          const { word, tone } = OUTCOME_WORDS[outcome];
          const notes = clockNotes(occurrence, rule);
          return (
            <TR key={number}>
              <TD label="No." align="end" className="align-top md:pt-2">
                {number}
              </TD>
              <TD stackAs="title" className="py-2 align-top md:whitespace-normal">
                {/* One box: on phones the cell lays out its children side by side. */}
                <div>
                  <span className="tabular-nums">{local}</span>
                  {zone === "UTC" ? null : <span className="block text-ink-muted text-xs tabular-nums">{utc}</span>}
                  {notes.map((note) => (
                    <span key={note} className="mt-0.5 flex items-start gap-1.5 text-caution text-xs">
                      <Clock aria-hidden="true" className="mt-0.5 size-3.5 shrink-0" />
                      {note}
                    </span>
                  ))}
                </div>
              </TD>
              <TD stackAs="full" className="py-2 align-top md:whitespace-normal">
                <div>
                  <StatusBadge tone={tone}>
                    {word}
                    {outcome !== "bookable" && skips ? ", left out" : ""}
                  </StatusBadge>
                  {reason === null ? null : <span className="block text-ink-muted text-xs">{reason}</span>}
                  {blockers.map((blocker) => (
                    <BlockerWords
                      key={`${blocker.kind} ${blocker.reservation_id} ${blocker.starts_at} ${blocker.note}`}
                      blocker={blocker}
                      zone={zone}
                    />
                  ))}
                </div>
              </TD>
              {hasPrices ? (
                <TD label="Credits" align="end" className="align-top md:pt-2">
                  {price === null || price === undefined ? "–" : formatCredits(price.total_micros)}
                </TD>
              ) : null}
            </TR>
          );
        })}
      </TBody>
    </Table>
  );
}

function BlockerWords({ blocker, zone }: { blocker: Blocker; zone: string }) {
  const { kind, reservation_id, gpu_count, starts_at, ends_at } = blocker;
  const when =
    starts_at === null || ends_at === null ? "" : `, ${rangeWords(Date.parse(starts_at), Date.parse(ends_at), zone)}`;
  return (
    <span className="block text-ink-muted text-xs">
      {BLOCKER_WORDS[kind]}
      {gpu_count > 0 ? `, ${gpusWords(gpu_count)}` : ""}
      {when}
      {reservation_id === null ? null : (
        <>
          {" "}
          <Link href={reservationHref(reservation_id)} className={inlineLinkClass}>
            Open
          </Link>
        </>
      )}
    </span>
  );
}
