import * as evaluations from "@/lib/configurations/evaluations";
import { createEvaluation, listEvaluations } from "@/lib/contracts/evaluations";
import { route } from "@/lib/http/route";

export const GET = route(listEvaluations, ({ actor, params, query }) =>
  evaluations.listEvaluations(actor, params.config_id, query),
);

export const POST = route(createEvaluation, ({ actor, params, body }) =>
  evaluations.createEvaluation(actor, params.config_id, body),
);
