import { getWebhookStatistics } from "@/lib/contracts/statistics";
import { route } from "@/lib/http/route";
import { webhookStatistics } from "@/lib/statistics/service";

export const GET = route(getWebhookStatistics, ({ actor, params, query }) =>
  webhookStatistics(actor, params.webhook_id, query, new Date()),
);
