import * as versions from "@/lib/configurations/versions";
import { diffVersions } from "@/lib/contracts/config-versions";
import { route } from "@/lib/http/route";

export const GET = route(diffVersions, ({ actor, params, query }) =>
  versions.diffVersions(actor, params.config_id, query),
);
