import { voidGrant } from "@/lib/contracts/credits";
import * as credits from "@/lib/credits/service";
import { route } from "@/lib/http/route";

export const POST = route(voidGrant, ({ admin, params, body }) => credits.voidGrant(admin, params.grant_id, body));
