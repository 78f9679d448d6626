import { getWorkflow } from "@/lib/contracts/workflows";
import { route } from "@/lib/http/route";
import * as workflows from "@/lib/workflows/queries";

export const GET = route(getWorkflow, ({ actor, params, query }) =>
  workflows.getWorkflow(actor, params.correlation_id, query, new Date()),
);
