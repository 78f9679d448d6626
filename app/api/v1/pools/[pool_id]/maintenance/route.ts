import { createMaintenance, listPoolMaintenance } from "@/lib/contracts/maintenance";
import * as maintenance from "@/lib/fleet/maintenance";
import * as queries from "@/lib/fleet/maintenance-queries";
import { route } from "@/lib/http/route";

export const GET = route(listPoolMaintenance, ({ admin, params, query }) =>
  queries.listPoolMaintenance(admin, params.pool_id, query),
);

export const POST = route(createMaintenance, ({ admin, params, body }) =>
  maintenance.createMaintenance(admin, params.pool_id, body),
);
