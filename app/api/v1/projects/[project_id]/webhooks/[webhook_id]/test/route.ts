import { testWebhook } from "@/lib/contracts/webhooks";
import { route } from "@/lib/http/route";
import { toAcceptedEvent } from "@/lib/webhooks/events";
import * as webhooks from "@/lib/webhooks/service";

export const POST = route(testWebhook, async ({ actor, params, body }) =>
  toAcceptedEvent(await webhooks.testWebhook(actor, params.webhook_id, body)),
);
