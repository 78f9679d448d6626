import * as configurations from "@/lib/configurations/configurations";
import * as queries from "@/lib/configurations/queries";
import { getConfiguration, updateConfiguration } from "@/lib/contracts/configurations";
import { route } from "@/lib/http/route";

export const GET = route(getConfiguration, ({ actor, params }) => queries.getConfiguration(actor, params.config_id));

export const PATCH = route(updateConfiguration, ({ actor, params, body }) =>
  configurations.updateConfiguration(actor, params.config_id, body),
);
