import { listAdminFailovers } from "@/lib/contracts/failovers";
import * as queries from "@/lib/failover/queries";
import { route } from "@/lib/http/route";

export const GET = route(listAdminFailovers, ({ admin, query }) => queries.listAdminFailovers(admin, query));
