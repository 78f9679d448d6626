import { getEvent } from "@/lib/contracts/events";
import { route } from "@/lib/http/route";
import * as events from "@/lib/webhooks/events";

export const GET = route(getEvent, ({ actor, params }) => events.getEvent(actor, params.event_id));
