import { listWebhookChanges } from "@/lib/contracts/webhook-changes";
import { route } from "@/lib/http/route";
import { listChanges } from "@/lib/webhooks/change-queries";

export const GET = route(listWebhookChanges, ({ actor, params, query }) =>
  listChanges(actor, params.webhook_id, query),
);
