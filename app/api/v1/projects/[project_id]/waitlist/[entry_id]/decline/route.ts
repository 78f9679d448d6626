import { declineOffer } from "@/lib/contracts/waitlist";
import { route } from "@/lib/http/route";
import * as waitlist from "@/lib/reservations/waitlist";

export const POST = route(declineOffer, ({ actor, params }) => waitlist.declineOffer(actor, params.entry_id));
