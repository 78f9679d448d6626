"use client";
import { dayWords } from "@/components/reservations/time-words";
import { LoadError } from "@/components/shell/load-error";
import { Alert } from "@/components/ui/alert";
import { Card } from "@/components/ui/card";
import { formatNumber } from "@/components/ui/format";
import { Spinner } from "@/components/ui/spinner";
import { CALENDAR_LIMITS, type Calendar } from "@/lib/contracts/calendar";
import type { describeError } from "@/store/api-error";
import { useCalendarWorld } from "./calendar-context";
import { CalendarGrid, type CalendarGridProps } from "./calendar-grid";
import { clockChangeWords } from "./calendar-words";

type CalendarBodyProps = CalendarGridProps & {
  range: { from: number; to: number } | null;
  query: {
    currentData?: Calendar | undefined;
    isError: boolean;
    isFetching: boolean;
    error?: Parameters<typeof describeError>[0];
    refetch: () => unknown;
  };
  /** Nobody has booked anything in sight. */
  isEmpty: boolean;
};

/** The grid with what is to be said about it: loading, failed, empty, cut off, a change of clocks. */
export function CalendarBody({ range, query, isEmpty, ...grid }: CalendarBodyProps) {
  const { zone, clockChanges } = useCalendarWorld();
  const isLoading = range !== null && query.currentData === undefined && !query.isError;
  if (query.isError && query.currentData === undefined) {
    return (
      <Card>
        <LoadError error={query.error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
      </Card>
    );
  }
  return (
    <div className="flex min-w-0 flex-col gap-3">
      {query.currentData?.truncated ? (
        <Alert tone="caution" title={`Only the first ${formatNumber(CALENDAR_LIMITS.bars)} are shown`}>
          More is booked in this time than fits. Choose fewer pools or less time.
        </Alert>
      ) : null}
      {[...clockChanges.values()].map((change) => (
        <Alert
          key={change.at}
          tone="caution"
          title={`${clockChangeWords(change)} on ${dayWords(change.at, zone)} (${zone})`}
        >
          {grid.view === "week" ? "The hours of UTC beside the grid are those before the change. " : ""}
          {change.after > change.before
            ? "The hour that is left out has no room on the grid: a booking over it lasts as long as it says, not as it looks."
            : "The hour that comes twice shares one row: bookings in it say which of the two by their offset from UTC."}
        </Alert>
      ))}
      <Card className="relative" aria-busy={isLoading}>
        <CalendarGrid {...grid} />
        <p role="status" className="calendar-status">
          {isLoading ? (
            <>
              <Spinner /> Loading bookings
            </>
          ) : range !== null && isEmpty && grid.view !== "agenda" ? (
            "Nothing is booked here yet. Draw over free time to book, or press a day."
          ) : null}
        </p>
      </Card>
    </div>
  );
}
