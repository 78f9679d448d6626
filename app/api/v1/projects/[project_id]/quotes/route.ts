import { createQuote } from "@/lib/contracts/availability";
import { route } from "@/lib/http/route";
import * as quotes from "@/lib/reservations/quotes";

export const POST = route(createQuote, ({ actor, body }) => quotes.createQuote(actor, body));
