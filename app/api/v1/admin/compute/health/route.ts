import { listPoolHealth } from "@/lib/contracts/failovers";
import * as queries from "@/lib/failover/health-queries";
import { route } from "@/lib/http/route";

export const GET = route(listPoolHealth, ({ admin, query }) => queries.listPoolHealth(admin, query));
