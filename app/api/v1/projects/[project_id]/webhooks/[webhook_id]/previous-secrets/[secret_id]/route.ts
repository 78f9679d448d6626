import { revokePreviousSecret } from "@/lib/contracts/webhook-secrets";
import { route } from "@/lib/http/route";
import * as rotation from "@/lib/webhooks/rotation";

export const DELETE = route(revokePreviousSecret, ({ actor, params }) =>
  rotation.revokePreviousSecret(actor, params.webhook_id, params.secret_id),
);
