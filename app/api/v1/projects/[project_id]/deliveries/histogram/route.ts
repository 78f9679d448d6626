import { getDeliveryHistogram } from "@/lib/contracts/delivery-log";
import { route } from "@/lib/http/route";
import { getHistogram } from "@/lib/webhooks/delivery-histogram";

export const GET = route(getDeliveryHistogram, ({ actor, query }) => getHistogram(actor, query, new Date()));
