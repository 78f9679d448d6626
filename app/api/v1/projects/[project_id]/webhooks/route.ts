import { createWebhook, listWebhooks } from "@/lib/contracts/webhooks";
import { route } from "@/lib/http/route";
import * as webhooks from "@/lib/webhooks/service";

export const GET = route(listWebhooks, async ({ actor }) => ({
  data: await webhooks.listWebhooks(actor),
  next_cursor: null,
}));

export const POST = route(createWebhook, ({ actor, body }) => webhooks.createWebhook(actor, body));
