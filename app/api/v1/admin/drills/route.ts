import { listDrills, startDrill } from "@/lib/contracts/failovers";
import * as drills from "@/lib/failover/drills";
import { route } from "@/lib/http/route";

export const GET = route(listDrills, ({ admin, query }) => drills.listDrills(admin, query));

export const POST = route(startDrill, ({ admin, body }) => drills.startDrill(admin, body));
