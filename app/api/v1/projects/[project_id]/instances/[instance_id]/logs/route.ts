import * as queries from "@/lib/compute/queries";
import { listInstanceLogs } from "@/lib/contracts/instances";
import { route } from "@/lib/http/route";

export const GET = route(listInstanceLogs, ({ actor, params, query }) =>
  queries.listInstanceLogs(actor, params.instance_id, query),
);
