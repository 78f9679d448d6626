import { listWebhookDeliveries } from "@/lib/contracts/deliveries";
import { route } from "@/lib/http/route";
import { listDeliveries } from "@/lib/webhooks/delivery-queries";
import { getWebhook } from "@/lib/webhooks/service";

export const GET = route(listWebhookDeliveries, async ({ actor, params, query }) => {
  await getWebhook(actor, params.webhook_id);
  return listDeliveries(actor, { ...query, webhook_id: [params.webhook_id] });
});
