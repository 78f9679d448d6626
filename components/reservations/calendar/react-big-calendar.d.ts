/** Parts of the library that tests look into and that its published types leave out. */

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
