import { getDrill } from "@/lib/contracts/failovers";
import * as drills from "@/lib/failover/drills";
import { route } from "@/lib/http/route";

export const GET = route(getDrill, ({ admin, params }) => drills.getDrill(admin, params.drill_id));
