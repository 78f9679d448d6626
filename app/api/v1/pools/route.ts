import { listPools } from "@/lib/contracts/fleet";
import { createPool } from "@/lib/contracts/fleet-admin";
import * as pools from "@/lib/fleet/pools";
import * as queries from "@/lib/fleet/queries";
import { route } from "@/lib/http/route";

export const GET = route(listPools, () => queries.listPools());

export const POST = route(createPool, ({ admin, body }) => pools.createPool(admin, body));
