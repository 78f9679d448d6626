"use client";
import "react-big-calendar/lib/css/react-big-calendar.css";
import "react-big-calendar/lib/addons/dragAndDrop/styles.css";
import "./calendar.css";
import { type KeyboardEvent, memo, useCallback, useEffect, useLayoutEffect, useMemo, useRef } from "react";
import type { CalendarProps, SlotInfo } from "react-big-calendar";
import type { EventInteractionArgs } from "react-big-calendar/lib/addons/dragAndDrop";
import { lookOf } from "@/components/reservations/bar-style";
import { GanttCalendarView } from "@/components/reservations/gantt/gantt-calendar-view";
import { addDays, instantOf } from "@/lib/contracts/zones";
import type { CalendarView } from "./calendar-address";
import { type CalendarWorld, useCalendarWorld } from "./calendar-context";
import { DayCell, GutterHead, GutterWithUtc, MonthDayHead, WeekDayHead, WeekdayHead } from "./day-parts";
import { reportDrag } from "./drag-store";
import { DraggableCalendar } from "./draggable-calendar";
import { AgendaFace, AgendaTimes, EventFace } from "./event-face";
import type { CalendarEvent } from "./events";
import type { ZonedLocalizer } from "./localizer";
import { AGENDA_DAYS } from "./range";
import { useMendedRoles } from "./use-mended-roles";

type CalendarHandlers = {
  onNavigate: (date: Date) => void;
  onView: (view: CalendarView) => void;
  onOpen: (event: CalendarEvent) => void;
  /** A stretch of free time was chosen, Unix ms. */
  onChoose: (from: number, to: number) => void;
  onMove: (event: CalendarEvent, start: number) => void;
  onResize: (event: CalendarEvent, edge: "start" | "end", at: number) => void;
};

export type CalendarGridProps = CalendarHandlers & {
  view: Exclude<CalendarView, "list">;
  /** Any moment of what is shown. */
  date: Date;
  /** The first moment of the present day, Unix ms: with another one, another cell is marked. */
  today: number;
  localizer: ZonedLocalizer;
  events: CalendarEvent[];
  /** Whether this one may be dragged; undefined: the reader may change nothing. */
  movable: ((event: CalendarEvent) => boolean) | undefined;
};

type Views = Exclude<CalendarProps<CalendarEvent>["views"], undefined | unknown[]>;
type Components = NonNullable<CalendarProps<CalendarEvent>["components"]>;

const SLOT_MINUTES = 30;
/** What is chosen by a press and not by a drag is no stretch of time. */
const DRAGGED = "select";

/** Never drawn anew by name: each of these must stay one and the same component. */
const VIEWS = { month: true, week: true, agenda: true, gantt: GanttCalendarView } as unknown as Views;
const COMPONENTS = {
  event: EventFace,
  timeGutterHeader: GutterHead,
  timeGutterWrapper: GutterWithUtc,
  dateCellWrapper: DayCell,
  month: { header: WeekdayHead, dateHeader: MonthDayHead },
  week: { header: WeekDayHead },
  agenda: { event: AgendaFace, time: AgendaTimes },
} as unknown as Components;

/** Month, week, agenda and gantt of react-big-calendar, wholly controlled; only in the browser. */
export function CalendarGrid({
  onNavigate,
  onView,
  onOpen,
  onChoose,
  onMove,
  onResize,
  ...picture
}: CalendarGridProps) {
  const container = useRef<HTMLDivElement>(null);
  const { zone, focusedDay, clockChanges, onOpenDay } = useCalendarWorld();
  const wasFocused = useRef(focusedDay);

  useEffect(() => {
    if (wasFocused.current === focusedDay) return;
    wasFocused.current = focusedDay;
    container.current?.querySelector<HTMLElement>(`[data-day="${focusedDay}"]`)?.focus();
  }, [focusedDay]);
  useEndOfDrag();
  useMendedRoles(container);
  const on = useSteady({ onNavigate, onView, onOpen, onChoose, onMove, onResize, onOpenDay });
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: moves the focus among the buttons inside
    <div
      ref={container}
      className={`calendar calendar-${picture.view}`}
      data-two-axes={zone === "UTC" ? undefined : ""}
      onKeyDown={moveAmongBars}
    >
      <Grid key={zone} {...picture} on={on} zone={zone} clockChanges={clockChanges} />
    </div>
  );
}

type Handlers = CalendarHandlers & Pick<CalendarWorld, "onOpenDay">;
type GridProps = Omit<CalendarGridProps, keyof CalendarHandlers> &
  Pick<CalendarWorld, "zone" | "clockChanges"> & { on: Handlers };

/** What is to be done is always what was handed over last, by functions that stay the same. */
function useSteady(handlers: Handlers): Handlers {
  const latest = useRef(handlers);
  useLayoutEffect(() => {
    latest.current = handlers;
  });
  return useMemo<Handlers>(
    () => ({
      onNavigate: (date) => latest.current.onNavigate(date),
      onView: (view) => latest.current.onView(view),
      onOpen: (event) => latest.current.onOpen(event),
      onChoose: (from, to) => latest.current.onChoose(from, to),
      onMove: (event, start) => latest.current.onMove(event, start),
      onResize: (event, edge, at) => latest.current.onResize(event, edge, at),
      onOpenDay: (day) => latest.current.onOpenDay(day),
    }),
    [],
  );
}

/**
 * The library sorts and lays out all it has whenever it is drawn: with a thousand bookings longer than a press may take
 * to be answered. So only what changes its picture draws it anew, and no dialog that opens over it, nor the focus.
 */
const Grid = memo(function Grid(props: GridProps) {
  const { view, date, localizer, events, movable, zone, clockChanges, on } = props;
  const { min, max, scrollTo } = useMemo(() => dayBounds(zone), [zone]);
  const canDrag = useCallback((event: CalendarEvent) => movable?.(event) === true, [movable]);
  const eventProps = useCallback(({ bar }: CalendarEvent) => ({ className: lookOf(bar).className }), []);
  const dayProps = useCallback(
    (day: Date) => (clockChanges.has(+localizer.startOf(day, "day")) ? { className: "calendar-clock-change" } : {}),
    [clockChanges, localizer],
  );
  const onSelectSlot = ({ start, end, slots, action }: SlotInfo) => {
    reportDrag(null);
    if (action !== DRAGGED) return;
    const [first, last] = [slots[0], slots.at(-1)];
    // In the month the library adds a day by the browser's clock, not by the zone's.
    if (view === "month" && first !== undefined && last !== undefined) on.onChoose(+first, addDays(zone, +last, 1));
    else on.onChoose(+start, +end);
  };
  const onDrop = ({ event, start }: EventInteractionArgs<CalendarEvent>) => {
    reportDrag(null);
    if (+new Date(start) !== +event.start) on.onMove(event, +new Date(start));
  };
  const onResize = ({ event, start, end }: EventInteractionArgs<CalendarEvent>) => {
    reportDrag(null);
    const [from, to] = [+new Date(start), +new Date(end)];
    if (from !== +event.start) on.onResize(event, "start", from);
    else if (to !== +event.end) on.onResize(event, "end", to);
  };
  return (
    <DraggableCalendar
      localizer={localizer}
      view={view as "month"}
      views={VIEWS}
      date={date}
      onView={(next) => on.onView(next as CalendarView)}
      onNavigate={on.onNavigate}
      onDrillDown={(day) => on.onOpenDay(+localizer.startOf(day, "day"))}
      events={events}
      startAccessor="start"
      endAccessor="end"
      tooltipAccessor={nothing}
      eventPropGetter={eventProps}
      dayPropGetter={dayProps}
      components={COMPONENTS}
      toolbar={false}
      length={AGENDA_DAYS}
      min={min}
      max={max}
      scrollToTime={scrollTo}
      step={SLOT_MINUTES}
      timeslots={60 / SLOT_MINUTES}
      showMultiDayTimes
      dayLayoutAlgorithm="no-overlap"
      selectable={movable !== undefined}
      longPressThreshold={150}
      draggableAccessor={canDrag}
      resizableAccessor={canDrag}
      onSelecting={(range) => {
        reportDrag({ kind: "new", from: +range.start, to: +range.end });
        return true;
      }}
      onSelectSlot={onSelectSlot}
      onSelectEvent={on.onOpen}
      onEventDrop={onDrop}
      onEventResize={onResize}
      messages={MESSAGES}
    />
  );
});

const MESSAGES = {
  date: "Day",
  time: "When",
  event: "Booking",
  allDay: "All day",
  showMore: (count: number) => `${count} more`,
  noEventsInRange: "Nothing is booked in these days.",
};

/** The library says nothing when a drag ends without a result. */
function useEndOfDrag(): void {
  useEffect(() => {
    // After the library's own listeners, which read what is being dragged.
    const end = () => setTimeout(() => reportDrag(null), 0);
    const onKeyDown = ({ key }: globalThis.KeyboardEvent) => key === "Escape" && end();
    window.addEventListener("pointerup", end);
    window.addEventListener("pointercancel", end);
    window.addEventListener("keydown", onKeyDown);
    return () => {
      window.removeEventListener("pointerup", end);
      window.removeEventListener("pointercancel", end);
      window.removeEventListener("keydown", onKeyDown);
      reportDrag(null);
    };
  }, []);
}

/** Midnight to midnight of a day that has both, and the hour to which the week is scrolled at first. */
function dayBounds(zone: string) {
  const midnight = instantOf(zone, Date.UTC(2026, 0, 15)).at;
  return { min: new Date(midnight), max: new Date(midnight + 86_400_000 - 1), scrollTo: new Date() };
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

/** The arrow keys go from one stretch to the next, in the order in which they are read. */
function moveAmongBars(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  const from = event.target;
  if (step === undefined || !(from instanceof HTMLElement) || from.dataset.bar === undefined) return;
  event.preventDefault();
  const bars = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-bar]")]
    .filter((bar) => bar.closest(".rbc-addons-dnd-drag-preview") === null)
    .map((bar) => ({ bar, place: bar.getBoundingClientRect() }));
  const byDay = event.currentTarget.classList.contains("calendar-week");
  bars.sort(({ place: a }, { place: b }) =>
    byDay ? a.left - b.left || a.top - b.top : a.top - b.top || a.left - b.left,
  );
  const at = bars.findIndex(({ bar }) => bar === from);
  bars[(at + step + bars.length) % bars.length]?.bar.focus();
}

function nothing(): string {
  return "";
}
