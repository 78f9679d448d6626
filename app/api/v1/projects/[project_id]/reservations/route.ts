import { createReservation, listReservations } from "@/lib/contracts/reservations";
import { route } from "@/lib/http/route";
import * as queries from "@/lib/reservations/queries";
import * as reservations from "@/lib/reservations/service";

export const GET = route(listReservations, ({ actor, query }) => queries.listReservations(actor, query));

export const POST = route(createReservation, ({ actor, body }) => reservations.createReservation(actor, body));
