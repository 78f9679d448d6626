import * as processors from "@/lib/artifacts/processors";
import { createProcessor, listProcessors } from "@/lib/contracts/processors";
import { route } from "@/lib/http/route";

export const GET = route(listProcessors, async ({ actor }) => ({
  data: await processors.listProcessors(actor),
  next_cursor: null,
}));

export const POST = route(createProcessor, ({ actor, body }) => processors.createProcessor(actor, body));
