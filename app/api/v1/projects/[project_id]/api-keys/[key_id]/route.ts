import * as apiKeys from "@/lib/accounts/api-keys";
import { revokeApiKey } from "@/lib/contracts/api-keys";
import { route } from "@/lib/http/route";

export const DELETE = route(revokeApiKey, async ({ actor, params }) => {
  await apiKeys.revokeApiKey(actor, params.key_id);
  return undefined;
});
