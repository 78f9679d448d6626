import { listWorkflowEvents } from "@/lib/contracts/workflows";
import { route } from "@/lib/http/route";
import * as workflows from "@/lib/workflows/queries";

export const GET = route(listWorkflowEvents, ({ actor, params, query }) =>
  workflows.listWorkflowEvents(actor, params.correlation_id, query, new Date()),
);
