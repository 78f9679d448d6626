import { createCostThreshold, listCostThresholds } from "@/lib/contracts/costs";
import * as thresholds from "@/lib/costs/thresholds";
import { route } from "@/lib/http/route";

export const GET = route(listCostThresholds, async ({ actor }) => ({
  data: await thresholds.listThresholds(actor),
  next_cursor: null,
}));

export const POST = route(createCostThreshold, ({ actor, body }) => thresholds.createThreshold(actor, body));
