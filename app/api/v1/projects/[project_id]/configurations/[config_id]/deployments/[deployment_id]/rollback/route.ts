import * as deployments from "@/lib/configurations/deployments";
import { rollBack } from "@/lib/contracts/deployments";
import { route } from "@/lib/http/route";

export const POST = route(rollBack, ({ actor, params, body }) =>
  deployments.rollBack(actor, params.config_id, params.deployment_id, body),
);
