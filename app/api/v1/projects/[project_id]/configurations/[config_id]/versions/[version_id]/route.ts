import * as versions from "@/lib/configurations/versions";
import { getVersion } from "@/lib/contracts/config-versions";
import { route } from "@/lib/http/route";

export const GET = route(getVersion, ({ actor, params }) =>
  versions.getVersion(actor, params.config_id, params.version_id),
);
