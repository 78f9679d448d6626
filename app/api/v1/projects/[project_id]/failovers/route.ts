import { listFailovers } from "@/lib/contracts/failovers";
import * as queries from "@/lib/failover/queries";
import { route } from "@/lib/http/route";

export const GET = route(listFailovers, ({ actor, query }) => queries.listFailovers(actor, query));
