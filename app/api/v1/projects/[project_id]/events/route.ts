import { emitEvent, listEvents } from "@/lib/contracts/events";
import { route } from "@/lib/http/route";
import * as events from "@/lib/webhooks/events";

export const GET = route(listEvents, ({ actor, query }) => events.listEvents(actor, query));

export const POST = route(emitEvent, async ({ actor, body }) =>
  events.toAcceptedEvent(await events.emitEvent(actor, body)),
);
