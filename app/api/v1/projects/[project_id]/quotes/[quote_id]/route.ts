import { getQuote } from "@/lib/contracts/availability";
import { route } from "@/lib/http/route";
import * as quotes from "@/lib/reservations/quotes";

export const GET = route(getQuote, ({ actor, params }) => quotes.getQuote(actor, params.quote_id));
