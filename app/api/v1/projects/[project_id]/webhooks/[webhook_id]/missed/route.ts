import { getMissedEvents } from "@/lib/contracts/missed";
import { route } from "@/lib/http/route";
import { missedEvents } from "@/lib/webhooks/missed";

export const GET = route(getMissedEvents, ({ actor, params }) => missedEvents(actor, params.webhook_id));
