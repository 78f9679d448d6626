import { listWebhookHealth } from "@/lib/contracts/webhooks";
import { route } from "@/lib/http/route";
import * as health from "@/lib/webhooks/health";

export const GET = route(listWebhookHealth, async ({ actor }) => ({
  data: await health.listWebhookHealth(actor, new Date()),
  next_cursor: null,
}));
