import { confirmReservation } from "@/lib/contracts/reservations";
import { route } from "@/lib/http/route";
import * as reservations from "@/lib/reservations/service";

export const POST = route(confirmReservation, ({ actor, params, body }) =>
  reservations.confirmReservation(actor, params.reservation_id, body),
);
