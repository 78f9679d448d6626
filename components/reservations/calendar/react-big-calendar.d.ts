/** Parts of the library that we need and that its published types leave out. */

declare module "react-big-calendar/lib/addons/dragAndDrop/DnDContext" {
  /** What the addon tells its parts; `dragAndDropAction` is another one at every step from a press to a drop. */
  type Draggable = Readonly<{
    onStart: unknown;
    onEnd: unknown;
    onBeginAction: unknown;
    draggableAccessor: unknown;
    resizableAccessor: unknown;
    dragAndDropAction: unknown;
  }>;
  export const DnDContext: import("react").Context<{ draggable: Draggable }>;
}

declare module "react-big-calendar/lib/utils/TimeSlots" {
  type Metrics = { groups: Date[][]; getCurrentTimePosition: (date: Date) => number };
  export function getSlotMetrics(options: {
    min: Date;
    max: Date;
    step: number;
    timeslots: number;
    localizer: object;
  }): Metrics;
}

declare module "react-big-calendar/lib/utils/DateSlotMetrics" {
  type Segment = { left: number; right: number; span: number };
  export function getSlotMetrics(): (options: {
    range: Date[];
    events: object[];
    maxRows: number;
    minRows: number;
    accessors: object;
    localizer: object;
  }) => { levels: Segment[][] };
}
