"use client";
import { ArrowUp, Keyboard, RotateCw, Rows3, Rows4 } from "lucide-react";
import { Button } from "@/components/ui/button";
import { formatNumber } from "@/components/ui/format";
import { IconButton } from "@/components/ui/icon-button";
import { Spinner } from "@/components/ui/spinner";
import type { DeliveryHistogram } from "@/lib/contracts/delivery-log";
import { useAppDispatch, useAppSelector } from "@/store/hooks";
import { SEEN_LIMIT } from "@/store/live-slice";
import { densityChanged, selectDensity } from "@/store/ui-slice";
import { ChartLegend } from "./log-chart";

export type LogBarProps = {
  loaded: number;
  hasMore: boolean;
  /** What the chart counts; absent while it is not known. */
  histogram: DeliveryHistogram | undefined;
  isLoadingMore: boolean;
  isRefreshing: boolean;
  newCount: number;
  /** Reads the list again from the top. */
  onReload: () => void;
  onHelp: () => void;
  /** Whether rows are lines of a table, which have a density. */
  isTable: boolean;
};

/**
 * The line over the list: how much is loaded, what is new, and how it is shown. Always there and always of one height,
 * so that news moves no row.
 */
export function LogBar({
  loaded,
  hasMore,
  histogram,
  isLoadingMore,
  isRefreshing,
  newCount,
  onReload,
  onHelp,
  isTable,
}: LogBarProps) {
  return (
    <div className="sticky top-(--table-top,0px) z-20 flex h-10 shrink-0 items-center gap-2 rounded-t-lg border-line border-b bg-surface pr-1.5 pl-4 text-ink-muted text-xs md:static md:h-8 pointer-coarse:h-13!">
      <p className="shrink-0 tabular-nums">
        {loaded === 0 ? "" : `${formatNumber(loaded)}${ofWords(loaded, histogram)} loaded`}
        {hasMore || loaded === 0 ? "" : <span className="max-lg:hidden"> · that is all</span>}
      </p>
      {histogram === undefined || histogram.total === 0 ? null : (
        <div className="min-w-0 pl-2 max-md:hidden">
          <ChartLegend histogram={histogram} />
        </div>
      )}
      {isLoadingMore ? <Spinner label="Loading more deliveries" className="size-3.5" /> : null}
      <div role="status" className="flex min-w-fit flex-1 justify-center">
        {newCount === 0 ? null : (
          <Button variant="primary" size="sm" onClick={onReload} loading={isRefreshing} className="rounded-full">
            <ArrowUp aria-hidden="true" />
            {newWords(newCount)}
          </Button>
        )}
      </div>
      <div className="flex shrink-0 items-center">
        <IconButton
          size="sm"
          label="Read the list again"
          icon={<RotateCw aria-hidden="true" className={isRefreshing ? "animate-spin" : ""} />}
          onClick={onReload}
        />
        {isTable ? (
          <>
            <DensityButton />
            <IconButton size="sm" label="Keyboard shortcuts" icon={<Keyboard aria-hidden="true" />} onClick={onHelp} />
          </>
        ) : null}
      </div>
    </div>
  );
}

function DensityButton() {
  const dispatch = useAppDispatch();
  const isCompact = useAppSelector(selectDensity) === "compact";
  return (
    <IconButton
      size="sm"
      label={isCompact ? "Taller rows" : "Compact rows"}
      icon={isCompact ? <Rows3 aria-hidden="true" /> : <Rows4 aria-hidden="true" />}
      onClick={() => dispatch(densityChanged(isCompact ? "comfortable" : "compact"))}
    />
  );
}

/** ` of 4,120`; where not everything was counted, the least that there are. */
function ofWords(loaded: number, histogram: DeliveryHistogram | undefined): string {
  if (histogram === undefined || histogram.total <= loaded) return "";
  return ` of ${formatNumber(histogram.total)}${histogram.complete ? "" : "+"}`;
}

/** Past the number that is kept the count is a lower bound. */
function newWords(count: number): string {
  return `${formatNumber(count)}${count >= SEEN_LIMIT ? "+" : ""} new`;
}
