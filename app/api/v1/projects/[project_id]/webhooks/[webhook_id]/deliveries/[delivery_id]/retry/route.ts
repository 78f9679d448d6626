import { retryWebhookDelivery } from "@/lib/contracts/deliveries";
import { route } from "@/lib/http/route";
import { retryDelivery } from "@/lib/webhooks/delivery-retry";

export const POST = route(retryWebhookDelivery, ({ actor, params }) =>
  retryDelivery(actor, params.delivery_id, params.webhook_id),
);
