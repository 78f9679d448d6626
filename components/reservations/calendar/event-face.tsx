"use client";
import { type ComponentType, cloneElement, type ReactElement, useEffect } from "react";
import { lookOf, nameOf } from "@/components/reservations/bar-style";
import { gpusWords } from "@/components/reservations/words";
import { cn } from "@/components/ui/cn";
import { useCalendarWorld } from "./calendar-context";
import { barSentence, shortTimes, timesOnDay } from "./calendar-words";
import { reportDrag, useIsDragged } from "./drag-store";
import type { CalendarEvent } from "./events";

/** A stretch of the calendar as a real button: reached by Tab, left with the arrow keys, opened by Enter. */
export function EventFace({ event }: { event: CalendarEvent }) {
  const { zone, poolNames } = useCalendarWorld();
  const { bar } = event;
  const { icon: Icon } = lookOf(bar);
  const pool = poolNames.get(bar.pool_id);
  return (
    <button type="button" data-bar={event.id} className="calendar-bar" aria-label={barSentence(bar, pool, zone)}>
      <span className="calendar-bar-words">
        <Icon aria-hidden="true" />
        <span className="calendar-bar-name">{nameOf(bar)}</span>
        <span className="calendar-bar-note">
          {gpusWords(bar.gpu_count)}
          {pool === undefined ? "" : ` · ${pool}`}
        </span>
        <span className="calendar-bar-times">{shortTimes(bar, zone)}</span>
      </span>
    </button>
  );
}

/** The same on the agenda, where there is room and the times stand beside. */
export function AgendaFace({ event }: { event: CalendarEvent }) {
  const { zone, poolNames } = useCalendarWorld();
  const { bar } = event;
  const look = lookOf(bar);
  const { icon: Icon } = look;
  const pool = poolNames.get(bar.pool_id);
  return (
    <button
      type="button"
      data-bar={event.id}
      aria-label={barSentence(bar, pool, zone)}
      className={`calendar-agenda-bar ${look.className}`}
    >
      <Icon aria-hidden="true" />
      <span className="min-w-0 flex-1">
        <span className="block truncate font-medium">{nameOf(bar)}</span>
        <span className="block truncate text-xs">
          {look.word} · {gpusWords(bar.gpu_count)}
          {pool === undefined ? "" : ` · ${pool}`}
        </span>
      </span>
    </button>
  );
}

/** When it is on a day of the agenda. */
export function AgendaTimes({ event, day }: { event: CalendarEvent; day: Date }) {
  const { zone } = useCalendarWorld();
  return <span className="tabular-nums">{timesOnDay(event.bar, +day, zone)}</span>;
}

type FrameProps = {
  event: CalendarEvent & { __isPreview?: boolean };
  className?: string;
  children: ReactElement<Record<string, unknown> & { className?: string }>;
};

/**
 * Around the library's own frame of a stretch. That is a button in the time grid, in which ours would be nested; and it
 * is where the library shows what is being dragged, which it tells nobody otherwise.
 * @param Draggable what makes the frame draggable
 */
export function makeEventFrame(Draggable: ComponentType<FrameProps>): ComponentType<FrameProps> {
  return function EventFrame(props: FrameProps) {
    const { event, className = "", children } = props;
    const isPreview = event.__isPreview === true || className.includes("rbc-addons-dnd-drag-preview");
    const [from, to] = [+event.start, +event.end];
    const isDragged = useIsDragged(event) && !isPreview;
    useEffect(() => {
      if (isPreview) reportDrag({ kind: "change", event, from, to });
    }, [isPreview, event, from, to]);
    const frame = cloneElement(children, {
      role: undefined,
      tabIndex: undefined,
      onKeyDown: undefined,
      className: cn(children.props.className, isDragged && "calendar-dragged"),
    });
    return isPreview ? frame : <Draggable {...props}>{frame}</Draggable>;
  };
}
