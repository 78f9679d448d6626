"use client";
import { CalendarPlus, CalendarSearch } from "lucide-react";
import { useState } from "react";
import { PagedList } from "@/components/shell/paged-list";
import { useProject } from "@/components/shell/project-context";
import { Button } from "@/components/ui/button";
import { Card } from "@/components/ui/card";
import { EmptyState } from "@/components/ui/empty-state";
import { GuardedButton } from "@/components/webhooks/guarded";
import { useListReservationsInfiniteQuery } from "@/store/reservations-api";
import { BookingDialog } from "./booking-dialog";
import { ReservationFilters } from "./reservation-filters";
import { ReservationTable } from "./reservation-table";
import { useReaderZone } from "./use-reader-zone";
import { NO_RESERVATION_FILTER, useReservationFilter } from "./use-reservation-filter";
import { writeBlock } from "./words";

export type ReservationListProps = {
  /** The IANA zone in which times are shown; the one that the reader chose for the console unless given. */
  zone?: string | undefined;
  /** Opens the form for a new reservation, where the page around the list owns it; else the list has its own. */
  onBook?: (() => void) | undefined;
};

/** The project's reservations as a table, newest first; its filters live in the URL. */
export function ReservationList({ zone: given, onBook }: ReservationListProps) {
  const { project, can } = useProject();
  const readerZone = useReaderZone();
  const zone = given ?? readerZone;
  const { values, filter, setFilter, isFiltered } = useReservationFilter();
  const [booking, setBooking] = useState(false);
  const query = useListReservationsInfiniteQuery({ projectId: project.id, filter });
  const book = onBook ?? (() => setBooking(true));
  const button = (
    <GuardedButton variant="primary" blocked={writeBlock(can)} onClick={book}>
      <CalendarPlus aria-hidden="true" />
      New reservation
    </GuardedButton>
  );
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap items-start justify-between gap-2">
        <ReservationFilters values={values} onChange={setFilter} isFiltered={isFiltered} />
        {onBook === undefined ? button : null}
      </div>
      <Card>
        <PagedList
          query={query}
          noun={["reservation", "reservations"]}
          loading="Loading reservations"
          empty={
            isFiltered ? (
              <EmptyState
                icon={<CalendarSearch />}
                title="No reservation matches these filters"
                actions={<Button onClick={() => setFilter(NO_RESERVATION_FILTER)}>Clear filters</Button>}
              >
                Nothing is hidden but what they leave out.
              </EmptyState>
            ) : (
              <EmptyState icon={<CalendarPlus />} title="No reservations yet" actions={button}>
                Book GPUs for the time when you need them: they are kept for you, at a price that is known beforehand.
              </EmptyState>
            )
          }
        >
          {(reservations) => (
            <ReservationTable
              reservations={reservations}
              zone={zone}
              linkZone={zone === readerZone ? undefined : zone}
            />
          )}
        </PagedList>
      </Card>
      {onBook === undefined ? <BookingDialog open={booking} onOpenChange={setBooking} zone={given} /> : null}
    </div>
  );
}
