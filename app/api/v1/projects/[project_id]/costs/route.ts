import { getCosts } from "@/lib/contracts/costs";
import * as queries from "@/lib/costs/queries";
import { route } from "@/lib/http/route";

export const GET = route(getCosts, ({ actor, query }) => queries.getCosts(actor, query));
