import { listReservationChanges } from "@/lib/contracts/reservations";
import { route } from "@/lib/http/route";
import { listReservationChanges as listChanges } from "@/lib/reservations/history";

export const GET = route(listReservationChanges, ({ actor, params, query }) =>
  listChanges(actor, params.reservation_id, query),
);
