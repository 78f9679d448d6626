import { getWorkflow } from "@/lib/contracts/workflows";
import { route } from "@/lib/http/route";
import * as workflows from "@/lib/workflows/queries";

export const GET = route(getWorkflow, ({ actor, params }) =>
  workflows.getWorkflow(actor, params.correlation_id, new Date()),
);
