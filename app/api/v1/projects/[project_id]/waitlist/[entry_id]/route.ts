import { getWaitlistEntry, leaveWaitlist } from "@/lib/contracts/waitlist";
import { route } from "@/lib/http/route";
import * as waitlist from "@/lib/reservations/waitlist";
import * as queries from "@/lib/reservations/waitlist-queries";

export const GET = route(getWaitlistEntry, ({ actor, params }) => queries.getWaitlistEntry(actor, params.entry_id));

export const DELETE = route(leaveWaitlist, ({ actor, params }) => waitlist.leaveWaitlist(actor, params.entry_id));
