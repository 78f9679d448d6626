"use client";
import { CalendarPlus } from "lucide-react";
import { lookOf, nameOf } from "@/components/reservations/bar-style";
import { dayWords, zoneWords } from "@/components/reservations/time-words";
import { gpusWords } from "@/components/reservations/words";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Section } from "@/components/ui/card";
import { cn } from "@/components/ui/cn";
import { Dialog, DialogBody, DialogFooter } from "@/components/ui/dialog";
import { formatNumber } from "@/components/ui/format";
import type { Bar } from "@/lib/contracts/calendar";
import type { ClockChange } from "@/lib/contracts/zones";
import { barSentence, clockChangeWords, shortTimes } from "./calendar-words";
import type { StripRow } from "./strip-model";

export type DayDialogProps = {
  /** Its first moment, Unix ms. */
  day: number;
  zone: string;
  /** What touches the day, all of it. */
  bars: readonly Bar[];
  poolNames: ReadonlyMap<string, string>;
  /** What is free, per pool; empty where it is not known. */
  free: readonly { row: StripRow; free: number }[];
  clockChange: ClockChange | undefined;
  onOpenBar: (bar: Bar) => void;
  onShowWeek: () => void;
  /** Opens the form for that day, in one of these pools if a line is pressed; undefined: the reader may not book, or the day is past. */
  onBook: ((poolIds?: readonly string[]) => void) | undefined;
  onClose: () => void;
};

/** Stretches that are listed; a day of a large fleet has more than anybody reads. */
const LISTED = 100;

/** All of one day: what is free, what is booked, and the way to book. The same for mouse, keyboard and touch. */
export function DayDialog({ day, zone, bars, poolNames, free, clockChange, onBook, ...on }: DayDialogProps) {
  return (
    <Dialog
      open
      onOpenChange={(open) => open || on.onClose()}
      title={dayWords(day, zone)}
      description={`By the clock of ${zoneWords(zone, day)}.`}
      size="lg"
    >
      <DialogBody>
        {clockChange === undefined ? null : (
          <Alert tone="caution" title={clockChangeWords(clockChange)}>
            This day has {24 - (clockChange.after - clockChange.before) / 60} hours.
          </Alert>
        )}
        {free.length === 0 ? null : (
          <Section title="Free all day" level={3}>
            <ul className="divide-y divide-line rounded-lg border border-line">
              {free.map(({ row, free: count }) => (
                <li key={row.id} className="flex items-center gap-3 px-3 py-1.5">
                  <span className="min-w-0 flex-1 truncate">{row.name}</span>
                  <span className="text-ink-muted text-xs tabular-nums">
                    {formatNumber(count)} of {formatNumber(row.capacity)}
                  </span>
                  {onBook === undefined ? null : (
                    <Button size="sm" onClick={() => onBook(row.poolIds)} aria-label={`Book in ${row.name}`}>
                      Book
                    </Button>
                  )}
                </li>
              ))}
            </ul>
          </Section>
        )}
        <Section title={bars.length === 0 ? "Nothing is booked" : "Booked"} level={3}>
          {bars.length === 0 ? null : (
            <ul className="flex flex-col gap-1.5">
              {bars.slice(0, LISTED).map((bar, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a booking of several parts has several bars of one id
                <li key={`${bar.id}.${i}`}>
                  <BarButton
                    bar={bar}
                    zone={zone}
                    pool={poolNames.get(bar.pool_id)}
                    onPress={() => on.onOpenBar(bar)}
                  />
                </li>
              ))}
            </ul>
          )}
          {bars.length > LISTED ? (
            <p className="text-ink-muted text-xs">
              {formatNumber(bars.length - LISTED)} more; filter by pool to see them.
            </p>
          ) : null}
        </Section>
      </DialogBody>
      <DialogFooter>
        <Button onClick={on.onShowWeek}>Show the week</Button>
        {onBook === undefined ? null : (
          <Button variant="primary" onClick={() => onBook()}>
            <CalendarPlus aria-hidden="true" />
            Book on this day
          </Button>
        )}
      </DialogFooter>
    </Dialog>
  );
}

type BarButtonProps = { bar: Bar; zone: string; pool: string | undefined; onPress: () => void };

function BarButton({ bar, zone, pool, onPress }: BarButtonProps) {
  const look = lookOf(bar);
  const { icon: Icon } = look;
  return (
    <button
      type="button"
      onClick={onPress}
      aria-label={barSentence(bar, pool, zone)}
      className={cn(
        "flex w-full items-center gap-2 rounded-md px-2.5 py-1.5 text-start text-sm pointer-coarse:py-2.5 [&_svg]:size-4 [&_svg]:shrink-0",
        look.className,
      )}
    >
      <Icon aria-hidden="true" />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{nameOf(bar)}</span>
        <span className="block truncate text-xs">
          {look.word} · {gpusWords(bar.gpu_count)}
          {pool === undefined ? "" : ` · ${pool}`}
        </span>
      </span>
      <span className="shrink-0 text-xs tabular-nums">{shortTimes(bar, zone)}</span>
    </button>
  );
}
