import { setNodeHealth } from "@/lib/contracts/failovers";
import { setHealth } from "@/lib/failover/health";
import { route } from "@/lib/http/route";

export const PUT = route(setNodeHealth, ({ admin, params, body }) => setHealth(admin, params.node_id, body));
