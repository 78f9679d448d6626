import { releasePart } from "@/lib/contracts/reservations";
import { route } from "@/lib/http/route";
import * as reservations from "@/lib/reservations/service";

export const POST = route(releasePart, ({ actor, params, body }) =>
  reservations.releasePart(actor, params.reservation_id, body),
);
