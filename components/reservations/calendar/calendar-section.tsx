"use client";
import { useCallback, useMemo, useState } from "react";
import { GanttSettingsProvider } from "@/components/reservations/gantt/gantt-calendar-view";
import { ReservationList } from "@/components/reservations/reservation-list";
import { useProject } from "@/components/shell/project-context";
import { toast } from "@/components/ui/toast";
import { useMediaQuery } from "@/components/ui/use-media-query";
import { useMinute } from "@/components/ui/use-now";
import type { Bar } from "@/lib/contracts/calendar";
import { addDays, startOfDay } from "@/lib/contracts/zones";
import { CALENDAR_VIEWS, type CalendarView, useCalendarAddress } from "./calendar-address";
import { CalendarBody } from "./calendar-body";
import { CalendarWorldProvider } from "./calendar-context";
import { CalendarDialogs, type Opened } from "./calendar-dialogs";
import { CalendarToolbar, titleOf } from "./calendar-toolbar";
import { CapacityStrip } from "./capacity-strip";
import { dayOf, startOfDayNamed } from "./days";
import { DragPanel } from "./drag-panel";
import { choosePool, snap, timesFrom } from "./drag-verdict";
import {
  type CalendarEvent,
  countsByWhose,
  eventsOf,
  isMovable,
  isOpenStatus,
  othersPerDay,
  partsPerReservation,
} from "./events";
import { Legend } from "./legend";
import { zonedLocalizer } from "./localizer";
import { AGENDA_DAYS, visibleRange } from "./range";
import { type StripRow, stripRows } from "./strip-model";
import { daysOf, useBars, useCapacity, useChosenPools, useClockChanges } from "./use-calendar-data";
import { firstDayOfWeek } from "./week-start";

export type CalendarSectionProps = {
  opened: Opened | null;
  onOpen: (opened: Opened | null) => void;
};

/** Grids of hours cannot be read nor dragged on a phone: there the agenda and the list take their place. */
const PHONE = "(width < 48rem)";
const PHONE_VIEWS: readonly CalendarView[] = ["agenda", "list"];

/** The calendar with its strip of free capacity; everything in it depends on the reader's clock. */
export function CalendarSection({ opened, onOpen }: CalendarSectionProps) {
  const { can } = useProject();
  const address = useCalendarAddress();
  const { zone, gpus, whose, set } = address;
  const isPhone = useMediaQuery(PHONE, false);
  const views = isPhone ? PHONE_VIEWS : CALENDAR_VIEWS;
  const view = address.view !== null && views.includes(address.view) ? address.view : isPhone ? "agenda" : "month";
  const now = useMinute();
  const today = startOfDay(zone, now);
  const at = address.day === null ? today : startOfDayNamed(zone, address.day);
  const [focusedDay, setFocusedDay] = useState<number | null>(null);

  const localizer = useMemo(() => zonedLocalizer(zone, firstDayOfWeek(navigator.language)), [zone]);
  const range = useMemo(() => visibleRange(view, at, zone, localizer), [view, at, zone, localizer]);
  const chosen = useChosenPools(address);
  const { query, bars } = useBars(range, chosen.ids);
  const capacity = useCapacity(zone, now);
  const changes = useClockChanges(zone, range?.from ?? at, range?.to ?? addDays(zone, at, 7));
  const mayWrite = can("reservations:write");

  const counts = useMemo(() => countsByWhose(bars, chosen.ids), [bars, chosen.ids]);
  const parts = useMemo(() => partsPerReservation(bars), [bars]);
  const moved = opened?.kind === "change" ? opened : undefined;
  const events = useMemo(
    () => withDraft(eventsOf(bars, { zone, poolIds: chosen.ids, whose }), moved),
    [bars, zone, chosen.ids, whose, moved],
  );
  const others = useMemo(
    () => (range === null ? new Map() : othersPerDay(bars, daysOf(zone, range.from, range.to), range.to, chosen.ids)),
    [bars, range, zone, chosen.ids],
  );
  const rows = useMemo(
    () =>
      capacity.availability === undefined
        ? null
        : stripRows(capacity.availability, chosen.pools, capacity.days, { per: address.freePer, zone, gpus }),
    [capacity.availability, capacity.days, chosen.pools, address.freePer, zone, gpus],
  );

  const showDay = useCallback((day: number) => set({ date: dayOf(zone, day) }), [set, zone]);
  const openDay = useCallback((day: number) => onOpen({ kind: "day", day }), [onOpen]);
  const onFocusDay = useCallback(
    (day: number) => {
      setFocusedDay(day);
      if (range !== null && (day < range.from || day >= range.to)) showDay(day);
    },
    [range, showDay],
  );
  const step = (direction: -1 | 1) => {
    const date = new Date(at);
    const days = view === "agenda" ? AGENDA_DAYS : 7;
    showDay(view === "month" ? +localizer.add(date, direction, "month") : addDays(zone, at, direction * days));
  };
  const book = (from: number, to: number, poolIds?: readonly string[]) => {
    const asked = new Date();
    const { policy, availability } = capacity;
    const among = poolIds === undefined ? chosen.pools : chosen.all.filter(({ id }) => poolIds.includes(id));
    const pool = policy && choosePool(among, { gpuCount: gpus, from, to }, availability, policy, asked);
    if (pool === undefined) return onOpen({ kind: "book", draft: { gpuCount: gpus } });
    const times = timesFrom(pool, from, to, asked);
    onOpen({
      kind: "book",
      draft: { poolId: pool.id, gpuCount: gpus, startsAt: iso(times.from), endsAt: iso(times.to) },
    });
  };
  const canChange = (bar: Bar) => mayWrite && bar.reservation_id !== null && isOpenStatus(bar.status);
  // The grid is drawn anew with each other function, which takes long (see CalendarGrid).
  const movable = useMemo(
    () => (mayWrite ? (event: CalendarEvent) => isMovable(event, parts) : undefined),
    [mayWrite, parts],
  );
  const propose = ({ bar }: CalendarEvent, change: { from?: number; to?: number }) => {
    const pool = chosen.all.find(({ id }) => id === bar.pool_id);
    if (pool === undefined) return;
    if (bar.status === "active" && change.from !== undefined) {
      toast.info("This booking has started: only its end can be moved.");
      return;
    }
    onOpen({
      kind: "change",
      bar,
      change: {
        ...(change.from === undefined ? {} : { startsAt: iso(snap(pool, change.from)) }),
        ...(change.to === undefined ? {} : { endsAt: iso(snap(pool, change.to)) }),
      },
    });
  };
  /** What it lasts stays, to the minute: also when it is moved over a change of the clock. */
  const onMove = (event: CalendarEvent, start: number) => {
    const pool = chosen.all.find(({ id }) => id === event.bar.pool_id);
    if (pool === undefined) return;
    const from = snap(pool, start);
    propose(event, { from, to: from + Date.parse(event.bar.ends_at) - Date.parse(event.bar.starts_at) });
  };
  const onStripDay = useCallback(
    (day: number) => {
      showDay(day);
      openDay(day);
    },
    [showDay, openDay],
  );

  const world = useMemo(
    () => ({
      zone,
      poolNames: chosen.names,
      others,
      othersShown: whose.includes("others"),
      clockChanges: changes,
      rangeStart: range?.from ?? at,
      focusedDay: focusedDay ?? at,
      onFocusDay,
      onOpenDay: openDay,
    }),
    [zone, chosen.names, others, whose, changes, range, at, focusedDay, onFocusDay, openDay],
  );
  const ganttPools = useMemo(() => [...(chosen.ids ?? [])], [chosen.ids]);
  const onNavigate = useCallback((date: Date) => showDay(+date), [showDay]);
  const date = useMemo(() => new Date(at), [at]);
  const choice = useMemo(() => ({ pools: chosen.pools, gpuCount: gpus }), [chosen.pools, gpus]);
  return (
    <CalendarWorldProvider value={world}>
      <CapacityStrip
        state={stripState(rows, capacity.query, chosen.query)}
        zone={zone}
        gpus={gpus}
        onGpus={(count) => set({ gpus: count }, "replace")}
        per={address.freePer}
        onPer={(per) => set({ free: per })}
        day={at}
        onDay={onStripDay}
      />
      <CalendarToolbar
        address={address}
        view={view}
        views={views}
        title={titleOf(view, at, range, zone)}
        pools={chosen.all}
        types={chosen.types}
        at={at}
        onStep={step}
        onToday={() => set({ date: null })}
      />
      {view === "list" ? (
        <ReservationList zone={zone} onBook={() => onOpen({ kind: "book", draft: { gpuCount: gpus } })} />
      ) : (
        <>
          {view === "gantt" ? null : (
            <Legend
              whose={whose}
              onWhose={(next) => set({ whose: next })}
              counts={query.currentData === undefined ? undefined : counts}
            />
          )}
          <GanttSettingsProvider zone={zone} poolIds={ganttPools} onNavigate={onNavigate}>
            <CalendarBody
              view={view}
              date={date}
              today={today}
              range={range}
              query={query}
              localizer={localizer}
              events={events}
              isEmpty={bars.length === 0}
              movable={movable}
              onView={(next) => set({ view: next })}
              onNavigate={onNavigate}
              onOpen={({ bar }) => onOpen({ kind: "bar", bar })}
              onChoose={book}
              onMove={onMove}
              onResize={(event, edge, at) => propose(event, edge === "start" ? { from: at } : { to: at })}
            />
          </GanttSettingsProvider>
        </>
      )}
      <DragPanel
        zone={zone}
        pools={chosen.all}
        availability={capacity.availability}
        policy={capacity.policy}
        choice={choice}
      />
      <CalendarDialogs
        opened={opened}
        onOpen={onOpen}
        zone={zone}
        poolNames={chosen.names}
        canChange={canChange}
        dayContent={(day) => ({
          bars: barsOn(bars, chosen.ids, day, addDays(zone, day, 1)),
          free: (rows ?? []).flatMap((row) => {
            const cell = row.cells.find((one) => one.day === day);
            return cell === undefined ? [] : [{ row, free: cell.free }];
          }),
          clockChange: changes.get(day),
          onShowWeek: () => {
            set({ view: isPhone ? "agenda" : "week", date: dayOf(zone, day) });
            onOpen(null);
          },
          onBook:
            mayWrite && addDays(zone, day, 1) > now
              ? (poolIds) => book(day, addDays(zone, day, 1), poolIds)
              : undefined,
        })}
      />
    </CalendarWorldProvider>
  );
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

/** Shows what is being changed where it would be, until the form is closed. */
function withDraft(events: CalendarEvent[], draft: Extract<Opened, { kind: "change" }> | undefined): CalendarEvent[] {
  if (draft === undefined) return events;
  const { startsAt, endsAt } = draft.change;
  return events.map((event) =>
    event.bar.reservation_id !== draft.bar.reservation_id
      ? event
      : {
          ...event,
          ...(startsAt === undefined ? {} : { start: new Date(startsAt) }),
          ...(endsAt === undefined ? {} : { end: new Date(Date.parse(endsAt) - 1) }),
        },
  );
}

function barsOn(bars: readonly Bar[], poolIds: ReadonlySet<string> | null, from: number, to: number): Bar[] {
  return bars.filter(
    (bar) =>
      (poolIds === null || poolIds.has(bar.pool_id)) &&
      Date.parse(bar.starts_at) < to &&
      Date.parse(bar.ends_at) > from,
  );
}

type Asked = { isError: boolean; isFetching: boolean; error?: unknown; refetch: () => unknown };

function stripState(rows: StripRow[] | null, ...queries: Asked[]): Parameters<typeof CapacityStrip>[0]["state"] {
  if (rows !== null) return { rows };
  const failed = queries.filter(({ isError }) => isError);
  const [first] = failed;
  if (first === undefined) return { rows: null };
  return {
    rows: null,
    error: first.error as Parameters<typeof CapacityStrip>[0]["state"]["error"],
    retry: () => failed.forEach((query) => void query.refetch()),
    retrying: failed.some(({ isFetching }) => isFetching),
  };
}
