import { commit } from "@/lib/configurations/commits";
import { commitVersion } from "@/lib/contracts/config-versions";
import { route } from "@/lib/http/route";

export const POST = route(commitVersion, ({ actor, params, body }) =>
  commit(actor, params.config_id, params.variant, body),
);
