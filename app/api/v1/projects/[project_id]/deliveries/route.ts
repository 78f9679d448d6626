import { listDeliveries } from "@/lib/contracts/deliveries";
import { route } from "@/lib/http/route";
import * as deliveries from "@/lib/webhooks/delivery-queries";

export const GET = route(listDeliveries, ({ actor, query }) => deliveries.listDeliveries(actor, query));
