import { getRequestBody } from "@/lib/contracts/attempts";
import { attachment } from "@/lib/http/attachment";
import { route } from "@/lib/http/route";
import { requestBody } from "@/lib/webhooks/attempt-queries";

export const GET = route(getRequestBody, async ({ actor, params }) =>
  attachment(await requestBody(actor, { deliveryId: params.delivery_id, number: params.number })),
);
