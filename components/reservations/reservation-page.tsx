"use client";
import { CalendarX } from "lucide-react";
import { useQueryState } from "nuqs";
import { ReservationFailovers } from "@/components/failover/reservation-failovers";
import { ReservationInstances } from "@/components/instances/reservation-instances";
import { useProject } from "@/components/shell/project-context";
import { Unavailable } from "@/components/shell/unavailable";
import { PageHeader } from "@/components/ui/page-header";
import { SkeletonRows } from "@/components/ui/skeleton";
import { ReadOnlyNote } from "@/components/webhooks/guarded";
import type { Reservation } from "@/lib/contracts/reservations";
import { useGetReservationQuery } from "@/store/reservations-api";
import { asZone } from "./address-parts";
import { CalendarLink } from "./calendar-link";
import { RESERVATIONS } from "./links";
import { ReservationActions } from "./reservation-actions";
import { ReservationClock } from "./reservation-clock";
import { ReservationFacts } from "./reservation-facts";
import { ReservationHistory } from "./reservation-history";
import { ReservationMoney } from "./reservation-money";
import { ReservationStatus } from "./reservation-status";
import { ReservationUnits } from "./reservation-units";
import { useReaderZone } from "./use-reader-zone";
import { isOpen, nameOf, STATUS_WORDS, writeBlock } from "./words";
import { ZoneField } from "./zone-field";

const BREADCRUMBS = [{ label: "Reservations", href: RESERVATIONS }];

/** One reservation: what is booked, what it costs, what stands behind it and what happened to it; live. */
export function ReservationPage({ reservationId }: { reservationId: string }) {
  const { project } = useProject();
  const query = useGetReservationQuery({ projectId: project.id, reservationId });
  const { currentData: reservation, error, isFetching, refetch } = query;
  if (reservation !== undefined) return <Page reservation={reservation} />;
  return (
    <>
      <PageHeader title="Reservation" breadcrumbs={BREADCRUMBS} />
      {error === undefined || isFetching ? (
        <SkeletonRows label="Loading the reservation" />
      ) : (
        <Unavailable
          error={error}
          onRetry={() => void refetch()}
          missing={{
            icon: <CalendarX />,
            title: "This reservation is not here",
            back: { href: RESERVATIONS, label: "All reservations" },
          }}
        />
      )}
    </>
  );
}

function Page({ reservation }: { reservation: Reservation }) {
  const { can } = useProject();
  const [asked, setAsked] = useQueryState("zone", asZone);
  const zone = useReaderZone(asked ?? undefined);
  const blocked = writeBlock(can);
  return (
    <>
      <PageHeader
        title={nameOf(reservation)}
        badge={<ReservationStatus status={reservation.status} filled />}
        description={STATUS_WORDS[reservation.status].sentence}
        actions={<ReservationActions reservation={reservation} zone={zone} />}
        breadcrumbs={BREADCRUMBS}
      />
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="font-medium text-base text-ink tabular-nums">
          <ReservationClock reservation={reservation} />
        </p>
        <div className="flex flex-wrap items-center gap-3">
          <CalendarLink reservationId={reservation.id} zone={zone} />
          <ZoneField zone={zone} onZone={(next) => void setAsked(next)} at={Date.parse(reservation.starts_at)} />
        </div>
      </div>
      {blocked !== undefined && isOpen(reservation) ? <ReadOnlyNote>{blocked}</ReadOnlyNote> : null}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex min-w-0 flex-col gap-6">
          <ReservationFacts reservation={reservation} zone={zone} />
          <ReservationUnits reservation={reservation} zone={zone} />
        </div>
        <ReservationMoney reservation={reservation} zone={zone} />
      </div>
      <ReservationInstances reservation={reservation} />
      <ReservationFailovers reservation={reservation} />
      <ReservationHistory reservation={reservation} zone={zone} />
    </>
  );
}
