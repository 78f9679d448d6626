import * as apiKeys from "@/lib/accounts/api-keys";
import { createApiKey, listApiKeys } from "@/lib/contracts/api-keys";
import { route } from "@/lib/http/route";

export const GET = route(listApiKeys, async ({ actor }) => ({
  data: await apiKeys.listApiKeys(actor),
  next_cursor: null,
}));

export const POST = route(createApiKey, ({ actor, body }) => apiKeys.createApiKey(actor, body));
