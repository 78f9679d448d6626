import { listLedger } from "@/lib/contracts/credits";
import * as queries from "@/lib/credits/queries";
import { route } from "@/lib/http/route";

export const GET = route(listLedger, ({ actor, query }) => queries.listLedger(actor, query));
