import { getPool } from "@/lib/contracts/fleet";
import { deletePool, updatePool } from "@/lib/contracts/fleet-admin";
import * as pools from "@/lib/fleet/pools";
import * as queries from "@/lib/fleet/queries";
import { route } from "@/lib/http/route";

export const GET = route(getPool, ({ params }) => queries.getPool(params.pool_id));

export const PATCH = route(updatePool, ({ admin, params, body }) => pools.updatePool(admin, params.pool_id, body));

export const DELETE = route(deletePool, async ({ admin, params }) => {
  await pools.deletePool(admin, params.pool_id);
  return undefined;
});
