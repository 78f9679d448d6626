import * as queries from "@/lib/compute/queries";
import { listAnyInstanceLogs } from "@/lib/contracts/instances";
import { route } from "@/lib/http/route";

export const GET = route(listAnyInstanceLogs, ({ admin, params, query }) =>
  queries.listAnyInstanceLogs(admin, params.instance_id, query),
);
