import { getOverview } from "@/lib/contracts/deliveries";
import { route } from "@/lib/http/route";
import * as overview from "@/lib/webhooks/overview";

export const GET = route(getOverview, ({ actor }) => overview.getOverview(actor, new Date()));
