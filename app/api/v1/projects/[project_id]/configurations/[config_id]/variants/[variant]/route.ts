import * as variants from "@/lib/configurations/variants";
import { deleteVariant } from "@/lib/contracts/configurations";
import { route } from "@/lib/http/route";

export const DELETE = route(deleteVariant, async ({ actor, params, query }) => {
  await variants.deleteVariant(actor, params.config_id, params.variant, {
    evenIfDeployed: query.even_if_deployed === "true",
  });
  return undefined;
});
