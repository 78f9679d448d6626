import * as environments from "@/lib/configurations/environments";
import { deleteEnvironment, updateEnvironment } from "@/lib/contracts/deployments";
import { route } from "@/lib/http/route";

export const PATCH = route(updateEnvironment, ({ actor, params, body }) =>
  environments.updateEnvironment(actor, params.environment_id, body),
);

export const DELETE = route(deleteEnvironment, async ({ actor, params }) => {
  await environments.deleteEnvironment(actor, params.environment_id);
  return undefined;
});
