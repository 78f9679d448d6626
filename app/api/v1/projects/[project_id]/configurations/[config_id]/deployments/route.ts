import * as queries from "@/lib/configurations/deployment-queries";
import * as deployments from "@/lib/configurations/deployments";
import { deploy, listDeployments } from "@/lib/contracts/deployments";
import { route } from "@/lib/http/route";

export const GET = route(listDeployments, ({ actor, params, query }) =>
  queries.listDeployments(actor, params.config_id, query),
);

export const POST = route(deploy, ({ actor, params, body }) => deployments.deploy(actor, params.config_id, body));
