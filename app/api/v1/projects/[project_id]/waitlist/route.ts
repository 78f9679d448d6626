import { joinWaitlist, listWaitlist } from "@/lib/contracts/waitlist";
import { route } from "@/lib/http/route";
import * as waitlist from "@/lib/reservations/waitlist";
import * as queries from "@/lib/reservations/waitlist-queries";

export const GET = route(listWaitlist, ({ actor, query }) => queries.listWaitlist(actor, query));

export const POST = route(joinWaitlist, ({ actor, body }) => waitlist.joinWaitlist(actor, body));
