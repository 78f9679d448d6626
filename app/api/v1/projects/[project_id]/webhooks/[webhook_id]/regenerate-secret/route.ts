import { regenerateSecret } from "@/lib/contracts/webhooks";
import { route } from "@/lib/http/route";
import * as webhooks from "@/lib/webhooks/service";

export const POST = route(regenerateSecret, ({ actor, params }) => webhooks.regenerateSecret(actor, params.webhook_id));
