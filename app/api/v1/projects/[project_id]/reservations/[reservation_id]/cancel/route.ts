import { cancelReservation } from "@/lib/contracts/reservations";
import { route } from "@/lib/http/route";
import * as reservations from "@/lib/reservations/service";

export const POST = route(cancelReservation, ({ actor, params, body }) =>
  reservations.cancelReservation(actor, params.reservation_id, body),
);
