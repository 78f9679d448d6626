import { getWebhookDelivery } from "@/lib/contracts/deliveries";
import { route } from "@/lib/http/route";
import { getDelivery } from "@/lib/webhooks/delivery-queries";

export const GET = route(getWebhookDelivery, ({ actor, params }) =>
  getDelivery(actor, params.delivery_id, params.webhook_id),
);
