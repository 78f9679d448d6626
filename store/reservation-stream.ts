import type { Reservation } from "@/lib/contracts/reservations";
import { api } from "@/store/api";
import type { Mirror } from "@/store/live-mirror";
import { newerReservation } from "@/store/reservation-mirror";
import { reservationsApi } from "@/store/reservations-api";

/** What shows bookings beside the reservations themselves, and follows from any of them. */
export const BOOKING_VIEWS = ["Calendar", "Availability", { type: "Reservation", id: "LIST" }] as const;

/** Newer copies of reservations replace older ones wherever they are shown; their history is read again. */
export function takeInReservations({ dispatch, getState }: Mirror, reservations: readonly Reservation[]): void {
  const { projectId } = getState().live;
  if (projectId === null) return;
  for (const reservation of reservations) {
    dispatch(
      reservationsApi.util.updateQueryData("getReservation", { projectId, reservationId: reservation.id }, (held) =>
        newerReservation(held, reservation),
      ),
    );
  }
  for (const arg of reservationsApi.util.selectCachedArgsForQuery(getState(), "listReservations")) {
    if (arg.projectId !== projectId) continue;
    dispatch(
      reservationsApi.util.updateQueryData("listReservations", arg, ({ pages }) => {
        for (const { data } of pages) {
          for (const reservation of reservations) {
            const row = data.findIndex(({ id }) => id === reservation.id);
            const held = data[row];
            if (held) data.splice(row, 1, newerReservation(held, reservation));
          }
        }
      }),
    );
  }
  dispatch(api.util.invalidateTags(reservations.map(({ id }) => ({ type: "ReservationChange", id }))));
}
