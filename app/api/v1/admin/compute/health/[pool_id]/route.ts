import { listNodeHealth } from "@/lib/contracts/failovers";
import * as queries from "@/lib/failover/health-queries";
import { route } from "@/lib/http/route";

export const GET = route(listNodeHealth, ({ admin, params, query }) =>
  queries.listNodeHealth(admin, params.pool_id, query),
);
