import { getJwks } from "@/lib/contracts/webhook-secrets";
import { route } from "@/lib/http/route";
import { webhookJwks } from "@/lib/webhooks/public-keys";

/** Old keys stay in the set while they sign, so a copy that is a few minutes old still verifies everything. */
const CACHE_S = 300;

export const GET = route(getJwks, async ({ params }) => {
  const keys = await webhookJwks(params.webhook_id, new Date());
  return Response.json(keys, {
    headers: { "content-type": "application/jwk-set+json", "cache-control": `public, max-age=${CACHE_S}` },
  });
});
