import { deleteCostThreshold } from "@/lib/contracts/costs";
import * as thresholds from "@/lib/costs/thresholds";
import { route } from "@/lib/http/route";

export const DELETE = route(deleteCostThreshold, async ({ actor, params }) => {
  await thresholds.deleteThreshold(actor, params.threshold_id);
  return undefined;
});
