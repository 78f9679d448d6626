import { listVerdicts } from "@/lib/contracts/verdicts";
import { route } from "@/lib/http/route";
import * as verdicts from "@/lib/webhooks/verdict-queries";

export const GET = route(listVerdicts, async ({ actor, params }) => ({
  data: await verdicts.listVerdicts(actor, params.event_id, new Date()),
  next_cursor: null,
}));
