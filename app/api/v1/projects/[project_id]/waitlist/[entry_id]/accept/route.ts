import { acceptOffer } from "@/lib/contracts/waitlist";
import { route } from "@/lib/http/route";
import * as waitlist from "@/lib/reservations/waitlist";

export const POST = route(acceptOffer, ({ actor, params }) => waitlist.acceptOffer(actor, params.entry_id));
