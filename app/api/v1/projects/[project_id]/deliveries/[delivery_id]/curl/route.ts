import { createDeliveryCurl } from "@/lib/contracts/attempts";
import { route } from "@/lib/http/route";
import * as curl from "@/lib/webhooks/delivery-curl";

export const POST = route(createDeliveryCurl, ({ actor, params }) =>
  curl.createDeliveryCurl(actor, params.delivery_id, new Date()),
);
