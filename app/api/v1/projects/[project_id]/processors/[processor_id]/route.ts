import * as processors from "@/lib/artifacts/processors";
import { deleteProcessor, updateProcessor } from "@/lib/contracts/processors";
import { route } from "@/lib/http/route";

export const PATCH = route(updateProcessor, ({ actor, params, body }) =>
  processors.updateProcessor(actor, params.processor_id, body),
);

export const DELETE = route(deleteProcessor, async ({ actor, params }) => {
  await processors.deleteProcessor(actor, params.processor_id);
  return undefined;
});
