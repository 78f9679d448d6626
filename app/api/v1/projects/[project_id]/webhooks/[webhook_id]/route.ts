import { deleteWebhook, getWebhook, updateWebhook } from "@/lib/contracts/webhooks";
import { route } from "@/lib/http/route";
import * as webhooks from "@/lib/webhooks/service";

export const GET = route(getWebhook, ({ actor, params }) => webhooks.getWebhook(actor, params.webhook_id));

export const PATCH = route(updateWebhook, ({ actor, params, body }) =>
  webhooks.updateWebhook(actor, params.webhook_id, body),
);

export const DELETE = route(deleteWebhook, async ({ actor, params }) => {
  await webhooks.deleteWebhook(actor, params.webhook_id);
  return undefined;
});
