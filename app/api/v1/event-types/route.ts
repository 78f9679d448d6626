import { eventTypeCatalogue } from "@/lib/contracts/event-types";
import { listEventTypes } from "@/lib/contracts/events";
import { route } from "@/lib/http/route";

export const GET = route(listEventTypes, async () => ({ data: eventTypeCatalogue(), next_cursor: null }));
