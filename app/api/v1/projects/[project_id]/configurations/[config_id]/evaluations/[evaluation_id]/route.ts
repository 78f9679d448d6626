import * as evaluations from "@/lib/configurations/evaluations";
import { updateEvaluation } from "@/lib/contracts/evaluations";
import { route } from "@/lib/http/route";

export const PATCH = route(updateEvaluation, ({ actor, params, body }) =>
  evaluations.updateEvaluation(actor, params.config_id, params.evaluation_id, body),
);
