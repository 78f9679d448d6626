import { RowLink, Table, TBody, TD, TH, THead, TR } from "@/components/ui/table";
import { Timestamp } from "@/components/ui/timestamp";
import type { Reservation } from "@/lib/contracts/reservations";
import { reservationHref } from "./links";
import { formatCredits } from "./money-words";
import { ReservationStatus } from "./reservation-status";
import { momentWords } from "./time-words";
import { gpusWords, nameOf } from "./words";

export type ReservationTableProps = {
  reservations: readonly Reservation[];
  zone: string;
  /** The zone that the pages behind the rows show too, when it is not the reader's own. */
  linkZone?: string | undefined;
};

/** On phones the two times stand close above each other: high enough to hit the right one. */
const TARGET = "max-md:py-0.5";

/** Reservations as rows; cards on phones. */
export function ReservationTable({ reservations, zone, linkZone }: ReservationTableProps) {
  return (
    <Table label="Reservations, newest first">
      <THead>
        <TR>
          <TH>Status</TH>
          <TH>Title</TH>
          <TH>Pool</TH>
          <TH>GPUs</TH>
          <TH>Start</TH>
          <TH>End</TH>
          <TH align="end">Credits</TH>
          <TH>Booked by</TH>
        </TR>
      </THead>
      <TBody>
        {reservations.map((reservation) => (
          <TR key={reservation.id} interactive>
            <TD stackAs="corner">
              <ReservationStatus status={reservation.status} />
            </TD>
            <TD stackAs="title" className="max-w-64 truncate">
              <RowLink href={reservationHref(reservation.id, linkZone)}>{nameOf(reservation)}</RowLink>
            </TD>
            <TD label="Pool">{reservation.pool.name}</TD>
            <TD label="GPUs">{gpusWords(reservation.gpu_count, reservation.pool.gpu_type)}</TD>
            <TD label="Start">
              <Timestamp value={reservation.starts_at} className={TARGET}>
                {momentWords(Date.parse(reservation.starts_at), zone)}
              </Timestamp>
            </TD>
            <TD label="End">
              <Timestamp value={reservation.ends_at} className={TARGET}>
                {momentWords(Date.parse(reservation.ends_at), zone)}
              </Timestamp>
            </TD>
            <TD label="Credits" align="end">
              {formatCredits(reservation.price.total_micros)}
            </TD>
            <TD label="Booked by">{reservation.mine ? "You" : reservation.created_by.name}</TD>
          </TR>
        ))}
      </TBody>
    </Table>
  );
}
