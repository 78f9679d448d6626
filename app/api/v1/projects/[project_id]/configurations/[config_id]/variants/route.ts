import * as queries from "@/lib/configurations/queries";
import * as variants from "@/lib/configurations/variants";
import { createVariant, listVariants } from "@/lib/contracts/configurations";
import { route } from "@/lib/http/route";

export const GET = route(listVariants, ({ actor, params }) => queries.listVariants(actor, params.config_id));

export const POST = route(createVariant, ({ actor, params, body }) =>
  variants.createVariant(actor, params.config_id, body),
);
