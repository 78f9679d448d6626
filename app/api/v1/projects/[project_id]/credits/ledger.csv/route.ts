import { downloadLedger } from "@/lib/contracts/credits";
import * as queries from "@/lib/credits/queries";
import { csvResponse } from "@/lib/http/attachment";
import { route } from "@/lib/http/route";

export const GET = route(downloadLedger, async ({ actor, query }) =>
  csvResponse("credits-ledger.csv", queries.streamLedger(actor, query)),
);
