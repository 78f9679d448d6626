"use client";
import { Clock } from "lucide-react";
import { type KeyboardEvent, type ReactElement, type ReactNode, useEffect } from "react";
import { dayWords, lengthWords } from "@/components/reservations/time-words";
import { addDays, offsetAt } from "@/lib/contracts/zones";
import { useCalendarWorld } from "./calendar-context";
import { clockChangeWords, offsetWords } from "./calendar-words";
import { reportDrag } from "./drag-store";

/** The head of a day in the month: its number opens the day; beside it what others have booked, and a change of clocks. */
export function MonthDayHead({ date, label }: { date: Date; label: string }) {
  const { zone, focusedDay, onFocusDay, onOpenDay } = useCalendarWorld();
  const day = +date;
  const isFocused = day === focusedDay;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = DAY_KEYS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = addDays(zone, day, step);
    onFocusDay(next);
  };
  return (
    <div className="calendar-day-head">
      <DayNotes day={day} />
      <button
        type="button"
        data-day={day}
        tabIndex={isFocused ? 0 : -1}
        onClick={() => onOpenDay(day)}
        onKeyDown={onKeyDown}
        aria-label={dayName(day, zone, useNotes(day))}
      >
        {label}
      </button>
    </div>
  );
}

/** The name of a day of the week, over the month: the library's own would be a column head of no table. */
export function WeekdayHead({ label }: { label: string }) {
  return <span>{label}</span>;
}

const MINUTE = 60_000;
const DAY_KEYS: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

/** The head of a day in the week; the library makes it a button, which opens the day. */
export function WeekDayHead({ date, label }: { date: Date; label: string }) {
  const { zone } = useCalendarWorld();
  const day = +date;
  return (
    <span className="calendar-week-head">
      <span className="sr-only">{dayName(day, zone, useNotes(day))}</span>
      <span aria-hidden="true">{label}</span>
      <DayNotes day={day} />
    </span>
  );
}

function useNotes(day: number): string[] {
  const { others, othersShown, clockChanges } = useCalendarWorld();
  const count = others.get(day);
  const change = clockChanges.get(day);
  return [
    ...(change === undefined ? [] : [clockChangeWords(change)]),
    ...(othersShown || count === undefined || count.bookings === 0 ? [] : [`${count.bookings} of other projects`]),
  ];
}

function dayName(day: number, zone: string, notes: readonly string[]): string {
  return [dayWords(day, zone), ...notes].join(". ");
}

/** For eyes: the same in few signs. */
function DayNotes({ day }: { day: number }) {
  const { others, othersShown, clockChanges } = useCalendarWorld();
  const count = others.get(day);
  const change = clockChanges.get(day);
  return (
    <span aria-hidden="true" className="calendar-day-notes">
      {change === undefined ? null : (
        <span className="calendar-clock-note" title={clockChangeWords(change)}>
          <Clock />
          {change.after > change.before ? "+" : "−"}
          {lengthWords((change.after - change.before) * MINUTE)}
        </span>
      )}
      {othersShown || count === undefined || count.bookings === 0 ? null : (
        <span title={`Of other projects: ${count.bookings}`}>
          {count.bookings} {count.bookings === 1 ? "other" : "others"}
        </span>
      )}
    </span>
  );
}

type CellProps = { value: Date; children: ReactElement<{ className?: string }> };

/** The days that are being chosen by dragging over the month; reported, since the library tells only at the end. */
const chosen = new Set<number>();

/** The ground of a day in the month. */
export function DayCell({ value, children }: CellProps) {
  const { zone } = useCalendarWorld();
  const isChosen = children.props.className?.includes("rbc-selected-cell") === true;
  const day = +value;
  useEffect(() => {
    if (!isChosen) return;
    chosen.add(day);
    reportDays(zone);
    return () => {
      chosen.delete(day);
      reportDays(zone);
    };
  }, [isChosen, day, zone]);
  return children;
}

function reportDays(zone: string): void {
  reportDrag(
    chosen.size === 0 ? null : { kind: "new", from: Math.min(...chosen), to: addDays(zone, Math.max(...chosen), 1) },
  );
}

type GutterProps = { slotMetrics?: { groups: Date[][] }; children?: ReactNode };

/** The hours of UTC beside those of the zone. */
export function GutterWithUtc({ slotMetrics, children }: GutterProps) {
  const { zone } = useCalendarWorld();
  if (zone === "UTC" || slotMetrics === undefined) return children;
  return (
    <div className="calendar-gutters">
      <div aria-hidden="true" className="calendar-utc-gutter">
        {slotMetrics.groups.map(([slot], row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows never move
          <div key={row} className="rbc-timeslot-group">
            <span className="rbc-label">{slot?.toISOString().slice(11, 16)}</span>
          </div>
        ))}
      </div>
      {children}
    </div>
  );
}

/** What the two columns of hours are. */
export function GutterHead() {
  const { zone, clockChanges, rangeStart } = useCalendarWorld();
  if (zone === "UTC") return <span className="calendar-gutter-head">UTC</span>;
  const offset = offsetWords(offsetAt(zone, rangeStart));
  return (
    <span className="calendar-gutter-head">
      <span>UTC</span>
      <span title={zone}>{clockChanges.size === 0 ? offset : `${offset}*`}</span>
    </span>
  );
}
