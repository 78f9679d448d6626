import { retryDelivery } from "@/lib/contracts/deliveries";
import { route } from "@/lib/http/route";
import * as retry from "@/lib/webhooks/delivery-retry";

export const POST = route(retryDelivery, ({ actor, params }) => retry.retryDelivery(actor, params.delivery_id));
