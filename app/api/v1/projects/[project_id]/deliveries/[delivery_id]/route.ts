import { getDelivery } from "@/lib/contracts/deliveries";
import { route } from "@/lib/http/route";
import * as deliveries from "@/lib/webhooks/delivery-queries";

export const GET = route(getDelivery, ({ actor, params }) => deliveries.getDelivery(actor, params.delivery_id));
