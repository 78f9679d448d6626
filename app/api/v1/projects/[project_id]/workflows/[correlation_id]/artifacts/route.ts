import { listWorkflowArtifacts } from "@/lib/contracts/workflows";
import { route } from "@/lib/http/route";
import * as workflows from "@/lib/workflows/queries";

export const GET = route(listWorkflowArtifacts, ({ actor, params, query }) =>
  workflows.listWorkflowArtifacts(actor, params.correlation_id, query),
);
