import * as environments from "@/lib/configurations/environments";
import { createEnvironment, listEnvironments } from "@/lib/contracts/deployments";
import { route } from "@/lib/http/route";

export const GET = route(listEnvironments, ({ actor, query }) => environments.listEnvironments(actor, query));

export const POST = route(createEnvironment, ({ actor, body }) => environments.createEnvironment(actor, body));
