"use client";
import { type KeyboardEvent, useDeferredValue, useEffect, useId, useMemo, useRef, useState } from "react";
import { dayWords } from "@/components/reservations/time-words";
import { gpusWords } from "@/components/reservations/words";
import { LoadError } from "@/components/shell/load-error";
import { Card } from "@/components/ui/card";
import { Input } from "@/components/ui/input";
import { Segmented } from "@/components/ui/segmented";
import { Skeleton } from "@/components/ui/skeleton";
import { BOOKING_LIMITS } from "@/lib/contracts/availability";
import { wallOf } from "@/lib/contracts/zones";
import type { describeError } from "@/store/api-error";
import { STRIP_DAYS, type StripRow } from "./strip-model";

type StripState =
  | { rows: readonly StripRow[]; error?: undefined }
  | { rows: null; error?: Parameters<typeof describeError>[0]; retry?: () => void; retrying?: boolean };

export type CapacityStripProps = {
  state: StripState;
  zone: string;
  gpus: number;
  onGpus: (gpus: number) => void;
  per: "pool" | "type";
  onPer: (per: "pool" | "type") => void;
  /** The day that the calendar shows, Unix ms of its first moment. */
  day: number;
  onDay: (day: number) => void;
};

const PER = [
  { value: "pool", label: "Per pool" },
  { value: "type", label: "Per GPU type" },
] as const;

/** What is free on each of the next 90 days, at the fullest moment of the day. */
export function CapacityStrip({ state, gpus, onGpus, per, onPer, zone, day, onDay }: CapacityStripProps) {
  const id = useId();
  const { rows } = state;
  const table = useMemo(
    () => (rows === null ? null : <StripTable rows={rows} gpus={gpus} zone={zone} day={day} onDay={onDay} />),
    [rows, gpus, zone, day, onDay],
  );
  // Hundreds of cells: neither the bookings nor a press wait for them.
  const drawn = useDeferredValue(table);
  return (
    <Card className="flex flex-col">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-line border-b px-4 py-2.5">
        <div className="mr-auto min-w-0">
          <h2 className="font-medium text-ink text-sm">Free GPUs, next {STRIP_DAYS} days</h2>
          <p className="text-ink-muted text-xs">
            The fewest at any moment of the day. Press a day to see it or to book.
          </p>
        </div>
        <div className="flex items-center gap-2 text-ink-muted text-xs">
          <label htmlFor={id}>GPUs needed</label>
          <CountInput id={id} value={gpus} onValue={onGpus} />
        </div>
        <Segmented label="What a line stands for" value={per} options={PER} onValueChange={onPer} />
      </div>
      {drawn !== null && state.rows !== null ? (
        drawn
      ) : state.rows !== null || state.error === undefined ? (
        <div role="status" className="flex flex-col gap-2 p-4">
          <span className="sr-only">Loading free GPUs</span>
          {[0, 1, 2].map((row) => (
            <Skeleton key={row} className="h-6 w-full" />
          ))}
        </div>
      ) : (
        <LoadError error={state.error} onRetry={state.retry} retrying={state.retrying} className="py-8" />
      )}
    </Card>
  );
}

/** Takes what is typed once it is a number that can be booked. */
function CountInput({ id, value, onValue }: { id: string; value: number; onValue: (value: number) => void }) {
  const [text, setText] = useState(String(value));
  const [of, setOf] = useState(value);
  if (of !== value) {
    setOf(value);
    setText(String(value));
  }
  const change = (next: string) => {
    setText(next);
    const count = Number(next);
    if (Number.isInteger(count) && count >= 1 && count <= BOOKING_LIMITS.gpus) onValue(count);
  };
  return (
    <Input
      id={id}
      type="number"
      inputMode="numeric"
      min={1}
      max={BOOKING_LIMITS.gpus}
      value={text}
      onChange={(event) => change(event.target.value)}
      onBlur={() => setText(String(value))}
      className="w-20"
    />
  );
}

type TableProps = Pick<CapacityStripProps, "zone" | "gpus" | "day" | "onDay"> & { rows: readonly StripRow[] };

function StripTable({ rows, zone, gpus, day, onDay }: TableProps) {
  const table = useRef<HTMLTableElement>(null);
  const [place, setPlace] = useState({ row: 0, column: 0 });
  const days = rows[0]?.cells.map((cell) => cell.day) ?? [];
  useEffect(() => showColumn(table.current, day), [day]);
  const at = { row: Math.min(place.row, rows.length - 1), column: Math.min(place.column, days.length - 1) };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = {
      row: clamp(at.row + step[0], rows.length),
      column: Number.isFinite(step[1]) ? clamp(at.column + step[1], days.length) : step[1] < 0 ? 0 : days.length - 1,
    };
    setPlace(next);
    table.current?.querySelector<HTMLElement>(`[data-place="${next.row}.${next.column}"]`)?.focus();
  };
  if (rows.length === 0)
    return (
      <p className="px-4 py-6 text-center text-ink-muted text-sm">No pool matches the filter, or there is none yet.</p>
    );
  return (
    <div className="capacity-strip overflow-x-auto overscroll-x-contain">
      <table ref={table} onKeyDown={onKeyDown} className="border-separate border-spacing-0 text-xs">
        <caption className="sr-only">
          Free GPUs per day. The arrow keys go from day to day; Enter opens the day. Enough means {gpusWords(gpus)} all
          day.
        </caption>
        <thead>
          <tr>
            <th scope="col" className="strip-name">
              <span className="sr-only">Pool or type</span>
            </th>
            {days.map((time, i) => (
              <DayHead key={time} time={time} zone={zone} isFirst={i === 0} isShown={time === day} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, rowAt) => (
            <tr key={row.id}>
              <th scope="row" className="strip-name">
                <span className="block truncate font-medium text-ink" title={row.name}>
                  {row.name}
                </span>
                <span className="block truncate font-normal text-2xs text-ink-muted">
                  {row.note === "" ? "" : `${row.note} · `}
                  {row.capacity} to book
                </span>
              </th>
              {row.cells.map((cell, column) => (
                <td key={cell.day} className={cell.day === day ? "strip-shown" : undefined}>
                  <button
                    type="button"
                    data-place={`${rowAt}.${column}`}
                    tabIndex={at.row === rowAt && at.column === column ? 0 : -1}
                    data-fullness={cell.fullness}
                    aria-label={`${row.name}, ${dayWords(cell.day, zone)}: ${cell.free} of ${row.capacity} free${cell.fullness === "short" || cell.fullness === "none" ? ", too few" : ""}`}
                    onFocus={() => setPlace({ row: rowAt, column })}
                    onClick={() => onDay(cell.day)}
                  >
                    {cell.free}
                  </button>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Scrolls sideways, and only as far as needed, to a day's column. */
function showColumn(table: HTMLTableElement | null, day: number): void {
  const column = table?.querySelector<HTMLElement>(`[data-column="${day}"]`);
  const [frame, name] = [table?.parentElement, table?.querySelector<HTMLElement>(".strip-name")];
  if (!column || !frame || !name) return;
  const [left, right] = [column.offsetLeft - name.offsetWidth, column.offsetLeft + column.offsetWidth];
  if (left < frame.scrollLeft) frame.scrollLeft = left;
  else if (right > frame.scrollLeft + frame.clientWidth) frame.scrollLeft = left;
}

type DayHeadProps = { time: number; zone: string; isFirst: boolean; isShown: boolean };

function DayHead({ time, zone, isFirst, isShown }: DayHeadProps) {
  const wall = new Date(wallOf(zone, time));
  const date = wall.getUTCDate();
  const [weekday, , month] = dayWords(time, zone).split(" ");
  return (
    <th scope="col" data-column={time} className={isShown ? "strip-shown" : undefined} abbr={dayWords(time, zone)}>
      <span className="strip-month">{isFirst || date === 1 ? month : ""}</span>
      <span className={wall.getUTCDay() % 6 === 0 ? "text-ink-faint" : "text-ink-muted"} title={weekday}>
        {date}
      </span>
    </th>
  );
}

/** Rows and columns that a key goes on. */
const STEPS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  PageUp: [0, -7],
  PageDown: [0, 7],
  Home: [0, Number.NEGATIVE_INFINITY],
  End: [0, Number.POSITIVE_INFINITY],
};

function clamp(value: number, length: number): number {
  return Math.max(0, Math.min(value, length - 1));
}
