import { addNodes, listNodeUnits } from "@/lib/contracts/fleet-admin";
import * as queries from "@/lib/fleet/node-queries";
import * as nodes from "@/lib/fleet/nodes";
import { route } from "@/lib/http/route";

export const GET = route(listNodeUnits, ({ admin, params, query }) =>
  queries.listNodeUnits(admin, params.pool_id, query),
);

export const POST = route(addNodes, ({ admin, params, body }) => nodes.addNodes(admin, params.pool_id, body));
