import { getReservation, updateReservation } from "@/lib/contracts/reservations";
import { route } from "@/lib/http/route";
import * as queries from "@/lib/reservations/queries";
import * as reservations from "@/lib/reservations/service";

export const GET = route(getReservation, ({ actor, params }) => queries.getReservation(actor, params.reservation_id));

export const PATCH = route(updateReservation, ({ actor, params, body }) =>
  reservations.updateReservation(actor, params.reservation_id, body),
);
