import { regenerateSecret } from "@/lib/contracts/webhook-secrets";
import { route } from "@/lib/http/route";
import * as rotation from "@/lib/webhooks/rotation";

export const POST = route(regenerateSecret, ({ actor, params, body }) =>
  rotation.regenerateSecret(actor, params.webhook_id, body),
);
