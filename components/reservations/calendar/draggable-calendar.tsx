"use client";
import {
  Component,
  type ComponentType,
  cloneElement,
  createElement,
  Fragment,
  memo,
  type ReactElement,
  type ReactNode,
  useContext,
  useLayoutEffect,
  useMemo,
  useRef,
} from "react";
import { Calendar, type CalendarProps } from "react-big-calendar";
import dragAndDropAddon from "react-big-calendar/lib/addons/dragAndDrop";
import { DnDContext } from "react-big-calendar/lib/addons/dragAndDrop/DnDContext";
import { makeEventFrame } from "./event-face";
import type { CalendarEvent } from "./events";

type Components = NonNullable<CalendarProps<CalendarEvent>["components"]>;

/**
 * The calendar with dragging, drawn anew by a change of its properties and by nothing else. The addon alone would draw
 * all of it at every press and at the start and the end of every drag, with a thousand bookings for longer than a press
 * may take to be answered.
 */
export const DraggableCalendar = makeDraggable();

function makeDraggable() {
  const addon = dragAndDropAddon as typeof dragAndDropAddon & { default?: typeof dragAndDropAddon };
  // Bundlers differ in what a CommonJS module's default is.
  const withDragAndDrop = addon.default ?? addon;
  return withDragAndDrop<CalendarEvent>(FramedCalendar);
}

/**
 * The calendar without the part around it that keeps what is not handed over, such as what was pressed last: that would
 * draw all of it anew at every press, for something that looks no different here.
 */
const { ControlledComponent } = Calendar as unknown as { ControlledComponent: typeof Calendar };
const SteadyCalendar = memo(ControlledComponent) as unknown as ComponentType<CalendarProps<CalendarEvent>>;

/** Between the addon and the calendar. The class that the addon adds while something is dragged would restyle all. */
function FramedCalendar({ components, ...props }: CalendarProps<CalendarEvent>) {
  return (
    <DnDContext value={useSteadyContext()}>
      <SteadyCalendar
        {...props}
        className="rbc-addons-dnd"
        {...(components === undefined ? {} : { components: framed(components) })}
      />
    </DnDContext>
  );
}

/** What the addon tells its parts, as one and the same object: what is being dragged they ask when it moves. */
function useSteadyContext() {
  const { draggable } = useContext(DnDContext);
  const { onStart, onEnd, onBeginAction, draggableAccessor, resizableAccessor, dragAndDropAction } = draggable;
  const action = useRef(dragAndDropAction);
  useLayoutEffect(() => {
    action.current = dragAndDropAction;
  }, [dragAndDropAction]);
  return useMemo(
    () => ({
      draggable: {
        onStart,
        onEnd,
        onBeginAction,
        draggableAccessor,
        resizableAccessor,
        get dragAndDropAction() {
          return action.current;
        },
      },
    }),
    [onStart, onEnd, onBeginAction, draggableAccessor, resizableAccessor],
  );
}

/** By the addon's frame, which stays one and the same: the components that it merges are the same ones each time. */
const known = new WeakMap<object, Components>();

/**
 * The addon makes a new component of every frame of ours at each drawing, and with it each stretch anew, which would
 * lose the focus: ours is put around the addon's own instead, once.
 */
function framed(components: Components): Components {
  const draggable = components.eventWrapper as Parameters<typeof makeEventFrame>[0] | undefined;
  if (draggable === undefined) return components;
  const made =
    known.get(draggable) ??
    ({
      ...components,
      eventWrapper: makeEventFrame(draggable),
      eventContainerWrapper: makeSteadyDay(components.eventContainerWrapper as unknown as typeof AddonDay),
    } as unknown as Components);
  known.set(draggable, made);
  return made;
}

type DayProps = { children: ReactElement<{ children?: ReactNode }> };
declare class AddonDay extends Component<DayProps, { event?: CalendarEvent | null }> {
  renderContent(): ReactNode;
}

/**
 * A day of the week into which something can be dragged. The addon's puts the stretches into another place of the tree
 * while something is over the day, which makes all of them anew, whenever the pointer comes and goes.
 */
function makeSteadyDay(Day: typeof AddonDay): typeof AddonDay {
  return class SteadyDay extends Day {
    override renderContent(): ReactNode {
      if (this.state.event) return super.renderContent();
      const { children } = this.props;
      return cloneElement(children, { children: createElement(Fragment, null, children.props.children, null) });
    }
  };
}
