import { listGrants } from "@/lib/contracts/credits";
import * as queries from "@/lib/credits/queries";
import { route } from "@/lib/http/route";

export const GET = route(listGrants, ({ actor, query }) => queries.listGrants(actor, query));
