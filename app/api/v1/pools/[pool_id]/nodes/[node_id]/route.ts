import { renameNode } from "@/lib/contracts/fleet-admin";
import * as nodes from "@/lib/fleet/nodes";
import { route } from "@/lib/http/route";

export const PATCH = route(renameNode, ({ admin, params, body }) => nodes.renameNode(admin, params, body));
