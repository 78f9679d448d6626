import { retryDeliveries } from "@/lib/contracts/delivery-log";
import { route } from "@/lib/http/route";
import * as retry from "@/lib/webhooks/delivery-retry";

export const POST = route(retryDeliveries, ({ actor, body }) => retry.retryDeliveries(actor, body, new Date()));
