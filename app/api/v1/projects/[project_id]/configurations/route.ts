import * as configurations from "@/lib/configurations/configurations";
import * as queries from "@/lib/configurations/queries";
import { createConfiguration, listConfigurations } from "@/lib/contracts/configurations";
import { route } from "@/lib/http/route";

export const GET = route(listConfigurations, ({ actor, query }) => queries.listConfigurations(actor, query));

export const POST = route(createConfiguration, ({ actor, body }) => configurations.createConfiguration(actor, body));
