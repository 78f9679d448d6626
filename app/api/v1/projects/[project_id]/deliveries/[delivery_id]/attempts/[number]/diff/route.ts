import { getAttemptDiff } from "@/lib/contracts/attempts";
import { route } from "@/lib/http/route";
import * as baseline from "@/lib/webhooks/attempt-baseline";

export const GET = route(getAttemptDiff, ({ actor, params }) =>
  baseline.getAttemptDiff(actor, { deliveryId: params.delivery_id, number: params.number }),
);
