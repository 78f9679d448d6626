"use client";

export type GanttViewProps = {
  /** The day in question: the gantt begins there, and shows 63 days around it (see ganttRange). */
  date: Date;
  /** The reader went on to another time, near the edge of what is loaded: give it back as `date`. */
  onNavigate: (date: Date) => void;
  /** IANA name: the zone of the page. */
  zone: string;
  /** Pools to show; empty: all. */
  poolIds: readonly string[];
  /** Show only what the reader booked. */
  onlyMine?: boolean | undefined;
};

/** Who has which GPU when: pools, nodes and GPUs down the side, time along the top. */
export function GanttView(_props: GanttViewProps) {
  return null;
}
