import * as versions from "@/lib/configurations/versions";
import { listVersions } from "@/lib/contracts/config-versions";
import { route } from "@/lib/http/route";

export const GET = route(listVersions, ({ actor, params, query }) =>
  versions.listVersions(actor, params.config_id, query),
);
