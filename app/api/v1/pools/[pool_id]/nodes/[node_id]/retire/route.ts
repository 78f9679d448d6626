import { retireNode } from "@/lib/contracts/fleet-admin";
import * as retiring from "@/lib/fleet/retire-node";
import { route } from "@/lib/http/route";

export const POST = route(retireNode, ({ admin, params, body }) => retiring.retireNode(admin, params, body));
