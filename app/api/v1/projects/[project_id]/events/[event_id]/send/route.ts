import { sendEvent } from "@/lib/contracts/verdicts";
import { route } from "@/lib/http/route";
import * as sending from "@/lib/webhooks/send-event";

export const POST = route(sendEvent, ({ actor, params, body }) =>
  sending.sendEvent(actor, params.event_id, body.webhook_ids),
);
