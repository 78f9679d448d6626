import { getPool } from "@/lib/contracts/fleet";
import * as queries from "@/lib/fleet/queries";
import { route } from "@/lib/http/route";

export const GET = route(getPool, ({ params }) => queries.getPool(params.pool_id));
