"use client";
import { Server } from "lucide-react";
import { useMemo } from "react";
import { LoadError } from "@/components/shell/load-error";
import { useProject } from "@/components/shell/project-context";
import { EmptyState } from "@/components/ui/empty-state";
import { SkeletonRows } from "@/components/ui/skeleton";
import { useGetCalendarQuery, useListPoolsQuery } from "@/store/reservations-api";
import { usePoolDetails } from "@/store/use-pool-details";
import { modelOf } from "./bar-layout";
import { GanttBoard } from "./gantt-board";
import { rowsOf } from "./row-tree";
import { ganttRange } from "./time-scale";
import { useFolded } from "./use-folded";

export type GanttViewProps = {
  /** The day in question: the gantt begins there, and loads about a month on both sides (see ganttRange). */
  date: Date;
  /** The reader went on to another time, near the end of what is loaded: give it back as `date`. */
  onNavigate: (date: Date) => void;
  /** IANA name: the zone of the page. */
  zone: string;
  /** Pools to show; empty: all. */
  poolIds: readonly string[];
};

/** Who has which GPU when: pools, nodes and GPUs down the side, time along the top. */
export function GanttView({ date, onNavigate, zone, poolIds }: GanttViewProps) {
  const { project } = useProject();
  const pools = useListPoolsQuery();
  const day = date.getTime();
  const range = useMemo(() => ganttRange(zone, day), [zone, day]);
  const calendar = useGetCalendarQuery({
    projectId: project.id,
    from: new Date(range.from).toISOString(),
    to: new Date(range.to).toISOString(),
    ...(poolIds.length === 1 ? { pool_id: poolIds[0] } : {}),
  });
  // While another stretch of time loads, what is known stays on screen.
  const { data: known } = calendar;
  const wanted = poolIds.join(",");
  const shown = useMemo(() => {
    const ids = wanted === "" ? null : new Set(wanted.split(","));
    return (pools.data?.data ?? []).filter(({ id }) => ids === null || ids.has(id));
  }, [pools.data, wanted]);
  const { isFolded, setFolded } = useFolded(shown);
  const nodes = usePoolDetails(shown.filter(({ id }) => !isFolded(id)).map(({ id }) => id));
  const rows = useMemo(() => rowsOf(shown, nodes.details, isFolded), [shown, nodes.details, isFolded]);
  const model = useMemo(() => modelOf(known?.bars ?? []), [known]);

  const failed =
    pools.data === undefined && pools.isError
      ? { error: pools.error, retry: pools.refetch, isFetching: pools.isFetching }
      : known === undefined && calendar.isError
        ? { error: calendar.error, retry: calendar.refetch, isFetching: calendar.isFetching }
        : nodes.error !== undefined
          ? { error: nodes.error, retry: nodes.retry, isFetching: false }
          : null;
  if (failed) {
    return <LoadError error={failed.error} onRetry={() => void failed.retry()} retrying={failed.isFetching} />;
  }
  if (pools.data === undefined || known === undefined) {
    return <SkeletonRows label="Loading the GPUs and their bookings" rows={12} />;
  }
  if (shown.length === 0) {
    return (
      <EmptyState
        icon={<Server />}
        title={pools.data.data.length === 0 ? "No pools yet" : "None of these pools exists any more"}
      >
        {pools.data.data.length === 0
          ? "Whoever runs the installation adds GPUs under Fleet."
          : "Choose other pools above."}
      </EmptyState>
    );
  }
  return (
    <GanttBoard
      date={date}
      onNavigate={onNavigate}
      zone={zone}
      range={range}
      pools={shown}
      rows={rows}
      model={model}
      onFold={setFolded}
      isTruncated={known.truncated}
      isRefreshing={calendar.isFetching && calendar.currentData === undefined}
      refreshError={calendar.isError && !calendar.isFetching ? calendar.error : undefined}
      onRefresh={() => void calendar.refetch()}
    />
  );
}
