"use client";
import { createContext, type ReactNode, useContext, useMemo } from "react";
import { type DateLocalizer, Navigate, type NavigateAction } from "react-big-calendar";
import { GanttView, type GanttViewProps } from "./gantt-view";
import { DAYS_AFTER, DAYS_BEFORE } from "./time-scale";

/** What react-big-calendar does not hand to a view of one's own; put it around the calendar. */
export type GanttSettings = Omit<GanttViewProps, "date">;

const Settings = createContext<GanttSettings | null>(null);

export function GanttSettingsProvider({
  children,
  zone,
  poolIds,
  onNavigate,
}: GanttSettings & { children: ReactNode }) {
  const settings = useMemo(() => ({ zone, poolIds, onNavigate }), [zone, poolIds, onNavigate]);
  return <Settings value={settings}>{children}</Settings>;
}

/** The gantt as a view of react-big-calendar, `views={{ gantt: GanttCalendarView }}`; days are the localizer's. */
export function GanttCalendarView({ date }: { date: Date | string }) {
  const settings = useContext(Settings);
  if (settings === null) throw new Error("The gantt needs GanttSettingsProvider around the calendar.");
  return <GanttView {...settings} date={new Date(date)} />;
}

type WithLocalizer = { localizer: DateLocalizer };

GanttCalendarView.title = (date: Date, { localizer }: WithLocalizer): string =>
  localizer.format(date, "dayHeaderFormat");

GanttCalendarView.range = (date: Date, { localizer }: WithLocalizer): { start: Date; end: Date } => {
  const day = localizer.startOf(date, "day");
  return { start: localizer.add(day, -DAYS_BEFORE, "day"), end: localizer.add(day, DAYS_AFTER, "day") };
};

GanttCalendarView.navigate = (date: Date, action: NavigateAction, { localizer }: WithLocalizer): Date => {
  if (action === Navigate.PREVIOUS) return localizer.add(date, -7, "day");
  if (action === Navigate.NEXT) return localizer.add(date, 7, "day");
  return date;
};
