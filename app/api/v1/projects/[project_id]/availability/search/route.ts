import { searchAvailability } from "@/lib/contracts/availability";
import { route } from "@/lib/http/route";
import * as search from "@/lib/reservations/search";

export const POST = route(searchAvailability, ({ actor, body }) => search.searchAvailability(actor, body));
