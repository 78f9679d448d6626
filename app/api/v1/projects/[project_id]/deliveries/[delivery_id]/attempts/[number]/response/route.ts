import { getResponseBody } from "@/lib/contracts/attempts";
import { attachment } from "@/lib/http/attachment";
import { route } from "@/lib/http/route";
import { responseBody } from "@/lib/webhooks/attempt-queries";

export const GET = route(getResponseBody, async ({ actor, params }) =>
  attachment(await responseBody(actor, { deliveryId: params.delivery_id, number: params.number })),
);
