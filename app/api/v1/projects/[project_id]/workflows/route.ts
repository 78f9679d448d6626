import { listWorkflows } from "@/lib/contracts/workflows";
import { route } from "@/lib/http/route";
import * as workflows from "@/lib/workflows/queries";

export const GET = route(listWorkflows, ({ actor, query }) => workflows.listWorkflows(actor, query));
