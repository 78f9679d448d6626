import { downloadLedger } from "@/lib/contracts/credits";
import * as queries from "@/lib/credits/queries";
import { route } from "@/lib/http/route";

export const GET = route(
  downloadLedger,
  async ({ actor, query }) =>
    new Response(queries.streamLedger(actor, query), {
      headers: {
        "content-type": "text/csv; charset=utf-8",
        "content-disposition": 'attachment; filename="credits-ledger.csv"',
        "cache-control": "private, no-store",
      },
    }),
);
